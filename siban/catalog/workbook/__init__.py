"""Items as workbooks: every element has its column, out and in again."""

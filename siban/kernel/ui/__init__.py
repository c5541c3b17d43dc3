"""The look of the house: layouts, components, forms and the slots other modules fill."""

"""Finding what a person means, without the database: what is said becomes features, features are weighed, hits explained.

`features` takes a text apart, `library` holds what every item is called and says, `ranking` weighs a question against it,
`reasons` says in words why an item was found. All of it is pure; `catalog.search` brings the rows.
"""

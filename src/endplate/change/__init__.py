"""What alters a person: diseases and therapies, each a function Person -> Person that moves levers."""

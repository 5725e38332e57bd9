"""Pure: what of a plan is secret, and how the rest may be shown.

`mask` shows the values of a plan, and nothing of them is shown but by it. It goes where the marks of the plan lead, and
`side_marks` says what they decide of a value; where they mark nothing, `unmarked_values` goes on, and `text_mask` puts
words for the secrets in a text, which `hidden_words` knows again. `masked_address` does it with addresses, and
`revealing` says what the user wants to see all the same.

What is secret: `marked_secrets` reads what the plan marks anywhere, `document_parts` takes it apart, and `looks` says
of which parts a copy is a secret elsewhere, and `places` where even a word is one. Of what nobody marks,
`unmarked_secrets` finds tokens and passwords by their form, `named_secrets` those behind a secret's name, and
`private_keys` keys. `search` finds all of them in a text, in each of its `spellings`. `diagnostic_text` does without a
plan.
"""

"""The hand-kept words: user dictionary, synonyms, stop words, question words.

Plain text, `#` starts a comment. Editing a file here changes how every question is read; run
`banshitong evaluate` on the golden questions before and after.
"""

"""How money moves. A full domain, promoted to the top level.

Empty until the payments release; the import contracts already guard its place in the flow.
"""

/* One line for each attention variant: ATTN(identifier). The identifier names attn_<identifier>. */
ATTN(dpa)
ATTN(ea)
ATTN(cog)
ATTN(signed_ea)

"""The shell: joins the conversation and the storage to channels, officers and the command line."""

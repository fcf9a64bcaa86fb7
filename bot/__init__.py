"""The shell: joins the conversation and the storage to channels, officers and the command line.

Begin at `cli` (what can be asked), then `starting` (`firsthand run`: `everything`, `supervising`,
`running`) and `app` (what a process of each role is made of). The rooms, from the highest:
`operator` and `witness`; `officers`; `workstation`, `channels`, `keyring`, `sandbox`; `process`;
`referral`; `language`. A room imports those below it and none beside it; `make check` holds that.
"""

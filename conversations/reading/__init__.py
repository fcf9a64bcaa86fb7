"""What typed words mean, in every language at once: a witness may write in another one than the
chat's.
"""

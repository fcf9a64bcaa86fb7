"""PURE: which field of a message is what, by the description of the Bot API."""

from collections.abc import Mapping
from typing import Any, Final

MEDIA: Final = ("document", "video", "video_note", "audio", "voice")
"""Fields that hold one file; beside them photo (in sizes), live_photo and animation."""
FILES: Final = frozenset({*MEDIA, "photo", "live_photo", "animation"})
WORDS: Final = frozenset({"text", "entities", "caption", "caption_entities", "rich_message"})
ASIDE: Final = ("checklist", "poll", "paid_media", "story")
"""What says something that is not read here: kept as it came."""
EMPTY: Final = ("sticker", "dice", "game", "invoice", "giveaway", "giveaway_winners")
"""What says nothing that a report could lose."""
PLACES: Final = frozenset({"location", "venue", "contact"})
ENVELOPE: Final = frozenset(
    {
        "message_id",
        "date",
        "chat",
        "message_thread_id",
        "direct_messages_topic",
        "from",
        "sender_chat",
        "sender_boost_count",
        "sender_business_bot",
        "sender_tag",
        "guest_query_id",
        "business_connection_id",
        "forward_origin",
        "is_topic_message",
        "is_automatic_forward",
        "reply_to_message",
        "external_reply",
        "quote",
        "reply_to_story",
        "reply_to_checklist_task_id",
        "reply_to_poll_option_id",
        "via_bot",
        "guest_bot_caller_user",
        "guest_bot_caller_chat",
        "edit_date",
        "has_protected_content",
        "is_from_offline",
        "is_paid_post",
        "media_group_id",
        "author_signature",
        "paid_star_count",
        "link_preview_options",
        "suggested_post_info",
        "effect_id",
        "show_caption_above_media",
        "has_media_spoiler",
        "reply_markup",
        "receiver_user",
        "ephemeral_message_id",
        "forward_date",
        "forward_from",
        "forward_from_chat",
        "forward_from_message_id",
        "forward_sender_name",
        "forward_signature",
    }
)
SERVICE: Final = frozenset(
    {
        "new_chat_members",
        "left_chat_member",
        "chat_owner_left",
        "chat_owner_changed",
        "new_chat_title",
        "new_chat_photo",
        "delete_chat_photo",
        "group_chat_created",
        "supergroup_chat_created",
        "channel_chat_created",
        "message_auto_delete_timer_changed",
        "migrate_to_chat_id",
        "migrate_from_chat_id",
        "pinned_message",
        "successful_payment",
        "refunded_payment",
        "users_shared",
        "chat_shared",
        "gift",
        "unique_gift",
        "gift_upgrade_sent",
        "connected_website",
        "write_access_allowed",
        "passport_data",
        "proximity_alert_triggered",
        "boost_added",
        "chat_background_set",
        "checklist_tasks_done",
        "checklist_tasks_added",
        "direct_message_price_changed",
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_closed",
        "forum_topic_reopened",
        "general_forum_topic_hidden",
        "general_forum_topic_unhidden",
        "giveaway_created",
        "giveaway_completed",
        "managed_bot_created",
        "paid_message_price_changed",
        "poll_option_added",
        "poll_option_deleted",
        "suggested_post_approved",
        "suggested_post_approval_failed",
        "suggested_post_declined",
        "suggested_post_paid",
        "suggested_post_refunded",
        "video_chat_scheduled",
        "video_chat_started",
        "video_chat_ended",
        "video_chat_participants_invited",
        "web_app_data",
        "community_chat_added",
        "community_chat_removed",
        "community_chat_joined",
        "user_shared",
    }
)
"""What the app itself writes into a chat: nobody's words, and never answered."""
DEEPEST: Final = 40
"""Blocks within blocks; what lies deeper makes the message one that cannot be read."""


Json = Mapping[str, Any]

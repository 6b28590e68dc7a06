//! Chats that people or devices wrote out.

pub mod telegram;
pub mod whatsapp;

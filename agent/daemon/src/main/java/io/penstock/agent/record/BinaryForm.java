package io.penstock.agent.record;

import io.penstock.base.settings.Noun;

/** What becomes of a msgpack value that its sender calls binary. */
@Noun("form of binary")
public enum BinaryForm {
    /** A string in base64, whatever the bytes are. */
    BASE64,
    /** A string of the text; bytes that are no UTF-8 become U+FFFD. */
    TEXT
}

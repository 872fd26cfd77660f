package io.penstock.agent.http;

import io.penstock.log.EntryBlock;

/** Writes the records of one body into one block. Confined to the request's event loop. */
final class BlockWriter implements RecordSink {
    private final StreamEncoder encoder;
    private final Wishes wishes;
    private final EntryBlock block;
    private final int maxBlock;
    private int count;
    private long bytes;

    BlockWriter(StreamEncoder encoder, Wishes wishes, EntryBlock block, int maxBlock) {
        this.encoder = encoder;
        this.wishes = wishes;
        this.block = block;
        this.maxBlock = maxBlock;
    }

    @Override
    public void object(byte[] body, int from, int to) throws Refused {
        before(to - from);
        written(encoder.object(block, body, from, to, wishes));
    }

    @Override
    public void text(String text) throws Refused {
        before(text.length());
        written(encoder.text(block, text, wishes));
    }

    @Override
    public void bytes(byte[] body, int from, int to) throws Refused {
        before(to - from);
        written(encoder.bytes(block, body, from, to, wishes));
    }

    EntryBlock block() {
        return block;
    }

    int count() {
        return count;
    }

    long bytes() {
        return bytes;
    }

    private void before(int length) throws Refused {
        if (count == 1 && wishes.id().isPresent()) {
            throw Refused.malformed(
                    "an id was given for a body of more than one record", "give each record an id of its own");
        }
        if (length > encoder.maxRecordBytes()) {
            throw recordTooLarge();
        }
        // Six bytes for one is the most that encoding makes of a text's character.
        if (block.size() + 6L * length + 4_096 > maxBlock) {
            throw Refused.tooLarge(
                    "the body's records take more than " + maxBlock + " bytes as the stream gets them",
                    "send fewer records in one request");
        }
    }

    private void written(int size) throws Refused {
        if (size == 0) {
            throw recordTooLarge();
        }
        count++;
        bytes += size;
    }

    private Refused recordTooLarge() {
        return Refused.tooLarge(
                "record " + (count + 1) + " is larger than " + encoder.maxRecordBytes()
                        + " bytes with its partition key, which is what the stream takes",
                "send it in parts; nothing of this body was stored");
    }
}

package io.penstock.delivery.kinesis.shards;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.List;

/**
 * Parses one page of the answer to ListShards from JSON, without a tree. Endpoints that do not know the filter for open
 * shards list closed ones too; those have an ending sequence number and are skipped.
 */
final class ShardPage {
    private final JsonParser in;
    private final List<Shard> open;
    private final int most;
    private String nextToken = "";

    private ShardPage(JsonParser in, List<Shard> open, int most) {
        this.in = in;
        this.open = open;
        this.most = most;
    }

    /** Valid JSON that is not a list of shards; another request does not help. */
    static final class Unfit extends IOException {
        private static final long serialVersionUID = 1;

        Unfit(String message) {
            super(message);
        }
    }

    /**
     * Adds the page's open shards to {@code open}.
     *
     * @param most maximum size of {@code open}
     * @return the next page's token; empty if this is the last page
     * @throws Unfit also if there are too many shards
     */
    static String read(byte[] body, List<Shard> open, int most) throws IOException {
        try (JsonParser in = new JsonFactory().createParser(body)) {
            ShardPage page = new ShardPage(in, open, most);
            page.read();
            return page.nextToken;
        } catch (JsonProcessingException garbled) {
            throw new IOException("it is no JSON", garbled);
        }
    }

    private void read() throws IOException {
        if (in.nextToken() != JsonToken.START_OBJECT) {
            throw new IOException("it is no JSON object");
        }
        boolean listed = false;
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String name = in.currentName();
            JsonToken value = in.nextToken();
            if (name.equals("Shards") && value == JsonToken.START_ARRAY) {
                listed = true;
                shards();
            } else if (name.equals("NextToken")) {
                nextToken = text();
            } else {
                in.skipChildren();
            }
        }
        if (!listed) {
            throw new IOException("it has no Shards");
        }
    }

    private void shards() throws IOException {
        while (in.nextToken() != JsonToken.END_ARRAY) {
            if (in.currentToken() != JsonToken.START_OBJECT) {
                throw new Unfit("a shard is no object");
            }
            shard();
        }
    }

    private void shard() throws IOException {
        String id = "";
        String first = "";
        String last = "";
        boolean closed = false;
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String name = in.currentName();
            JsonToken value = in.nextToken();
            if (name.equals("ShardId")) {
                id = text();
            } else if (name.equals("HashKeyRange") && value == JsonToken.START_OBJECT) {
                while (in.nextToken() == JsonToken.FIELD_NAME) {
                    String end = in.currentName();
                    in.nextToken();
                    switch (end) {
                        case "StartingHashKey" -> first = text();
                        case "EndingHashKey" -> last = text();
                        default -> in.skipChildren();
                    }
                }
            } else if (name.equals("SequenceNumberRange") && value == JsonToken.START_OBJECT) {
                while (in.nextToken() == JsonToken.FIELD_NAME) {
                    boolean ending = in.currentName().equals("EndingSequenceNumber");
                    in.nextToken();
                    closed |= ending && !text().isEmpty();
                }
            } else {
                in.skipChildren();
            }
        }
        if (!closed) {
            add(id, first, last);
        }
    }

    /** Reads the parser's present value: its text, or an empty text for any other value. */
    private String text() throws IOException {
        String text = in.currentToken() == JsonToken.VALUE_STRING ? in.getText() : "";
        in.skipChildren();
        return text;
    }

    private void add(String id, String first, String last) throws Unfit {
        if (id.isEmpty() || first.isEmpty() || last.isEmpty()) {
            throw new Unfit("a shard has no " + (id.isEmpty() ? "ShardId" : "HashKeyRange"));
        }
        if (open.size() == most) {
            throw new Unfit("there are more than " + most + " shards");
        }
        open.add(shard(id, first, last));
    }

    private static Shard shard(String id, String first, String last) throws Unfit {
        Shard shard;
        try {
            shard = new Shard(id, Hash128.parse(first), Hash128.parse(last));
        } catch (NumberFormatException noHash) {
            throw new Unfit("the HashKeyRange of a shard is not of numbers from 0 to 2^128 - 1");
        }
        if (shard.first().compareTo(shard.last()) > 0) {
            throw new Unfit("the HashKeyRange of a shard ends before it begins");
        }
        return shard;
    }
}

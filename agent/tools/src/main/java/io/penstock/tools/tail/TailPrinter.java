package io.penstock.tools.tail;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Prints each record on a line of its own. The tail's thread. */
public final class TailPrinter implements Tail.Listener {
    private static final JsonFactory JSON = new JsonFactory();

    private final PrintWriter out;
    private final PrintWriter err;
    private final Form form;

    /** How a line looks. */
    public enum Form {
        /** The payload; one that is no text, or would break the line, as {@code base64:} and its base64. */
        PAYLOAD,
        /** A JSON object with shard, sequence number, partition key, time of arrival and payload. */
        JSON
    }

    /** @param err where notices go, so that what is piped on is records only */
    public TailPrinter(PrintWriter out, PrintWriter err, Form form) {
        this.out = out;
        this.err = err;
        this.form = form;
    }

    @Override
    public boolean record(Tail.Record record) {
        out.println(form == Form.JSON ? json(record) : payload(record.data()));
        // Flushes; true once the reader of the pipe has gone.
        return !out.checkError();
    }

    @Override
    public void notice(String text) {
        err.println("penstock: " + text);
        err.flush();
    }

    private static String payload(byte[] data) {
        return text(data)
                .filter(TailPrinter::fitsOneLine)
                .orElseGet(() -> "base64:" + Base64.getEncoder().encodeToString(data));
    }

    private static String json(Tail.Record record) {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("shard", record.shard());
            json.writeStringField("sequence_number", record.sequenceNumber());
            json.writeStringField("partition_key", record.partitionKey());
            json.writeStringField("arrived", record.arrived().toString());
            Optional<String> text = text(record.data());
            if (text.isPresent()) {
                json.writeStringField("data", text.get());
            } else {
                json.writeBinaryField("data_base64", record.data());
            }
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException("a string in memory cannot fail to be written", impossible);
        }
        return line.toString();
    }

    private static Optional<String> text(byte[] data) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(data))
                    .toString());
        } catch (CharacterCodingException binary) {
            return Optional.empty();
        }
    }

    /** Line ends would break the line, and other control characters might command the terminal. */
    private static boolean fitsOneLine(String text) {
        return text.chars().noneMatch(c -> Character.isISOControl(c) && c != '\t');
    }
}

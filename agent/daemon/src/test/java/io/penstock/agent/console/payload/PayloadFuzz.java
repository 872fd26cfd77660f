package io.penstock.agent.console.payload;

import com.github.luben.zstd.Zstd;
import io.penstock.agent.console.Aggregates;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * What must hold for the data of any record. The entry of Jazzer, which {@code agent/bench/fuzz} runs; {@link
 * PayloadFuzzTest} tries some in each build.
 */
public final class PayloadFuzz {
    private PayloadFuzz() {}

    /** The data as it is, and as the message of an aggregated record: random bytes have no right checksum. */
    public static void fuzzerTestOneInput(byte[] data) {
        check(data);
        check(Aggregates.framed(data));
    }

    static void check(byte[] data) {
        Payload payload = PayloadReader.read(data);
        if (payload.parts().size() > PayloadReader.MOST_PARTS
                || payload.all() < payload.parts().size()) {
            throw new AssertionError(payload.parts().size() + " parts of " + payload.all());
        }
        for (Payload.Part part : payload.parts()) {
            if (part.text().length() > PayloadReader.MOST_TEXT || part.bytes() > data.length) {
                throw new AssertionError(part.text().length() + " characters of " + part.bytes() + " bytes");
            }
        }
    }

    /** Writes whole records to begin with into a folder. */
    public static void main(String[] folder) throws IOException {
        Path first = Files.createDirectories(Path.of(folder[0]));
        int number = 0;
        for (byte[] seed : seeds()) {
            Files.write(first.resolve("seed-" + number++), seed);
        }
    }

    static List<byte[]> seeds() throws IOException {
        byte[] json = "{\"a\":[1.5,null,\"x\"]}".getBytes(StandardCharsets.UTF_8);
        byte[] aggregate = Aggregates.of("k", "one", "l", "{\"n\":2}");
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(json);
        }
        byte[] message = Arrays.copyOfRange(aggregate, 4, aggregate.length - 16);
        return List.of(json, aggregate, message, packed.toByteArray(), Zstd.compress(json));
    }
}

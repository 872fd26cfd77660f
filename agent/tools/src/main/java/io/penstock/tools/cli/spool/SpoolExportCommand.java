package io.penstock.tools.cli.spool;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.penstock.agent.cli.CheckedOutput;
import io.penstock.agent.cli.CommandFailure;
import io.penstock.base.files.OwnerOnly;
import io.penstock.delivery.spool.SpooledRecord;
import io.penstock.delivery.spool.StreamId;
import io.penstock.tools.spool.OfflineSpool;
import io.penstock.tools.spool.OfflineSpools;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code penstock spool export}: what waits, as NDJSON. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Writes what waits to be delivered as NDJSON: stream, offset, accepted, partition_key and data_base64.",
            "The spool stays as it is: the next run delivers it all the same.",
            "Refuses while an agent runs on the folder. Progress goes to standard error."
        })
final class SpoolExportCommand implements Callable<Integer> {
    private static final int PROGRESS_EVERY = 100_000;
    private static final JsonFactory JSON = new JsonFactory().disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);

    @Mixin
    private final DataOptions options = new DataOptions();

    @Parameters(
            arity = "0..*",
            paramLabel = "STREAM",
            description = "Which ones (TARGET/STREAM for another target). Default: all.")
    private List<String> names = List.of();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to; must not exist yet. Default: standard output.")
    private @Nullable Path output;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        try (OfflineSpools spools = OfflineSpools.open(options.folder());
                OutputStream target = open()) {
            long exported = 0;
            for (StreamId stream : SpoolCommand.choose(spools, names)) {
                try (OfflineSpool spool = spools.open(stream);
                        JsonGenerator json = JSON.createGenerator(target, JsonEncoding.UTF8)) {
                    json.setRootValueSeparator(null);
                    exported += export(stream, spool, json, err);
                }
            }
            err.println("exported " + exported + (exported == 1 ? " event" : " events"));
            err.flush();
            return 0;
        } catch (CheckedOutput.ReaderGone gone) {
            return CheckedOutput.READER_GONE;
        } catch (IOException e) {
            throw CommandFailure.failed("export: " + e.getMessage());
        }
    }

    private OutputStream open() throws IOException {
        return new BufferedOutputStream(
                output == null
                        ? new CheckedOutput(System.out)
                        : Channels.newOutputStream(
                                OwnerOnly.open(output, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)));
    }

    private static long export(StreamId stream, OfflineSpool spool, JsonGenerator json, PrintWriter err)
            throws IOException {
        long all = spool.waiting();
        long[] done = new long[1];
        spool.forEach((offset, accepted, entry) -> {
            write(stream, offset, accepted, entry, json);
            if (++done[0] % PROGRESS_EVERY == 0) {
                err.println(stream + ": " + done[0] + " of " + all);
                err.flush();
            }
        });
        return done[0];
    }

    private static void write(StreamId stream, long offset, long accepted, ByteBuffer entry, JsonGenerator json)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("stream", stream.toString());
        json.writeNumberField("offset", offset);
        json.writeStringField("accepted", Instant.ofEpochMilli(accepted).toString());
        if (!SpooledRecord.lateBound(entry)) {
            json.writeStringField("partition_key", new String(SpooledRecord.key(entry), StandardCharsets.UTF_8));
        }
        if (SpooledRecord.pinned(entry)) {
            json.writeStringField(
                    "explicit_hash_key", SpooledRecord.explicitHashKey(entry).toDecimal());
        }
        json.writeBinaryField("data_base64", SpooledRecord.data(entry));
        json.writeEndObject();
        json.writeRaw('\n');
    }
}

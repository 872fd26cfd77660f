package io.penstock.agent.otlp;

import io.penstock.agent.http.answer.Refused;
import io.penstock.agent.record.FieldNames;
import io.penstock.agent.record.RecordEncoder;
import io.penstock.agent.record.RecordFormat;
import io.penstock.agent.record.RecordIds;
import io.penstock.agent.route.Destination;
import io.penstock.agent.route.KeyTemplate;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.delivery.spool.StreamId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Reads whole bodies. */
final class Reading implements LogWalk.Visitor {
    static final Instant NOW = Instant.parse("2026-01-02T03:04:05.000000006Z");

    private static final InstantSource CLOCK = InstantSource.fixed(NOW);
    private static final int MOST_SHARED = 1 << 20;

    private final Transcoder transcoder;
    private final LogEvent event = new LogEvent(CLOCK);
    private final Destination destination;
    private final RecordEncoder encoder = new RecordEncoder(CLOCK, new RecordIds(), LogEvent.NAMES);

    final List<String> services = new ArrayList<>();
    final List<String> records = new ArrayList<>();
    final List<String> damages = new ArrayList<>();
    final long replaced;

    private Reading(Encoding encoding, RecordFormat format, byte[] body) throws Damaged, Refused {
        transcoder = new Transcoder(encoding::reader);
        transcoder.begin(body);
        destination = new Destination(new StreamId("default", "s"), KeyTemplate.RANDOM, format, FieldNames.DEFAULT);
        LogWalk walk = new LogWalk(body, 0, body.length, encoding, transcoder, MOST_SHARED, this);
        while (walk.advance(1) == LogWalk.Progress.MORE) {
            continue;
        }
        replaced = transcoder.replaced();
    }

    /** Without time and id. */
    static Reading raw(Encoding encoding, byte[] body) throws Damaged, Refused {
        return new Reading(encoding, RecordFormat.RAW, body);
    }

    static Reading raw(String json) throws Damaged, Refused {
        return raw(Encoding.JSON, json.getBytes(StandardCharsets.UTF_8));
    }

    static Reading whole(Encoding encoding, byte[] body) throws Damaged, Refused {
        return new Reading(encoding, RecordFormat.JSON, body);
    }

    /** One log record whose members are {@code members}. */
    static String body(String members) {
        return "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{" + members + "}]}]}]}";
    }

    @Override
    public void service(String service) {
        services.add(service);
    }

    @Override
    public boolean record(int from, int to, LogWalk walk) {
        GrowingBytes out = new GrowingBytes(64, 1 << 24);
        out.put('x'); // stands for the entry's head in a block
        try {
            boolean made = event.of(transcoder, from, to, walk.shared(), services.get(services.size() - 1), "")
                    .encode(destination, encoder, out);
            Damaged damage = event.damage();
            if (!made && damage != null) {
                damages.add(walk.place() + ": " + damage.what());
            } else {
                records.add(out.toString().substring(1));
            }
        } catch (Damaged damaged) {
            damages.add(walk.place() + ": " + damaged.what());
        }
        return true;
    }
}

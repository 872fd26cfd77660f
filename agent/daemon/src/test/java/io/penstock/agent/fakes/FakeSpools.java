package io.penstock.agent.fakes;

import io.penstock.delivery.spool.Spool;
import io.penstock.delivery.spool.Spools;
import io.penstock.delivery.spool.StreamId;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Fake spools, made on first use. */
public final class FakeSpools implements Spools {
    private final Map<String, FakeSpool> spools = new ConcurrentHashMap<>();
    private volatile Optional<RuntimeException> refusal = Optional.empty();

    @Override
    public Spool spool(StreamId stream) {
        refusal.ifPresent(why -> {
            throw why;
        });
        return of(stream.stream());
    }

    public FakeSpool of(String stream) {
        return spools.computeIfAbsent(stream, name -> new FakeSpool(new StreamId("default", name)));
    }

    public Collection<FakeSpool> all() {
        return spools.values();
    }

    public void allowStreams() {
        refusal = Optional.empty();
    }

    public void refuseStreams(RuntimeException why) {
        refusal = Optional.of(why);
    }
}

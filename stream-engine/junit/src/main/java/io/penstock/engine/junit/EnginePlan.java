package io.penstock.engine.junit;

import io.penstock.engine.EngineSettings;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** What an engine is like, how long it lives, and the streams that it begins with. */
record EnginePlan(EngineLifetime lifetime, UnaryOperator<EngineSettings> settings, List<Stream> streams) {
    /** Without an annotation. */
    static final EnginePlan USUAL = new EnginePlan(EngineLifetime.METHOD, UnaryOperator.identity(), List.of());

    EnginePlan {
        streams = List.copyOf(streams);
    }

    /** @param region empty for the engine's own */
    record Stream(String name, int shards, String region) {}

    static EnginePlan of(WithEngine annotation) {
        return new EnginePlan(
                annotation.lifetime(),
                base -> base.withRegion(annotation.region()).withEnforceLimits(annotation.enforceLimits()),
                Arrays.stream(annotation.streams())
                        .map(stream -> new Stream(stream.name(), stream.shards(), stream.region()))
                        .toList());
    }
}

package io.penstock.engine.junit;

import io.penstock.engine.EngineSettings;
import io.penstock.engine.StreamEngine;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Gives each test class or each test a stream engine of its own, on any free port, with its streams in a temporary
 * folder. JUnit closes the engine and its clients after the class or the test, and nothing is left. There is no static
 * state: tests may run in parallel.
 *
 * <p>A test, a method such as {@code @BeforeEach}, or a constructor asks for what it needs by the type of a parameter:
 *
 * <ul>
 *   <li>{@link URI}: the endpoint for any client; any credentials are taken
 *   <li>{@code KinesisClient}, {@code KinesisAsyncClient} of the AWS SDK for Java 2, if it is on the class path: a client
 *       of this engine, closed with it
 *   <li>{@link EngineClock}: the clock of the engine, which the test moves
 *   <li>{@link StreamEngine}: the engine
 * </ul>
 *
 * <p>With the annotation {@link WithEngine}, or registered in a field, where every setting can be changed:
 *
 * <pre>{@code
 * class ThrottlingTest {
 *     @RegisterExtension
 *     static final EngineExtension ENGINE = EngineExtension.builder().stream("orders", 1)
 *             .settings((EngineSettings settings) -> settings.withEnforceLimits(true))
 *             .lifetime(EngineLifetime.CLASS)
 *             .build();
 *
 *     private int failed(KinesisAsyncClient kinesis, int records) {
 *         var record = PutRecordsRequestEntry.builder()
 *                 .partitionKey("7")
 *                 .data(SdkBytes.fromUtf8String("bread"))
 *                 .build();
 *         List<PutRecordsRequestEntry> all = Collections.nCopies(records, record);
 *         return kinesis.putRecords(r -> r.streamName("orders").records(all))
 *                 .join()
 *                 .failedRecordCount();
 *     }
 *
 *     @Test
 *     void aShardTakesAThousandRecordsASecond(KinesisAsyncClient kinesis, EngineClock clock) {
 *         clock.pause();
 *         assertEquals(0, failed(kinesis, 500));
 *         assertEquals(0, failed(kinesis, 500));
 *         assertEquals(500, failed(kinesis, 500));
 *         clock.advance(Duration.ofSeconds(1));
 *         assertEquals(0, failed(kinesis, 500));
 *     }
 * }
 * }</pre>
 *
 * <p>In a static field the extension gives an engine of the lifetime that was built; in an instance field, one for each
 * test. An engine for each test cannot be asked for where there is no test, as in {@code @BeforeAll}.
 */
public final class EngineExtension implements BeforeAllCallback, BeforeEachCallback, ParameterResolver {
    private static final String SYNC = "software.amazon.awssdk.services.kinesis.KinesisClient";
    private static final String ASYNC = "software.amazon.awssdk.services.kinesis.KinesisAsyncClient";
    private static final Set<String> TYPES =
            Set.of(URI.class.getName(), StreamEngine.class.getName(), EngineClock.class.getName(), SYNC, ASYNC);

    private final Optional<EnginePlan> built;
    private final Namespace namespace = Namespace.create(this);

    /** The plan that holds for a class, and the class that declared it. */
    private record Declared(EnginePlan plan, Class<?> by) {}

    /** For JUnit, which calls this for {@link WithEngine}. */
    public EngineExtension() {
        this.built = Optional.empty();
    }

    private EngineExtension(EnginePlan plan) {
        this.built = Optional.of(plan);
    }

    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        declare(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        running(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return TYPES.contains(parameter.getParameter().getType().getName());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        RunningEngine running = running(context);
        if (type == URI.class) {
            return running.endpoint();
        }
        if (type == EngineClock.class) {
            return running.clock();
        }
        if (type == StreamEngine.class) {
            return running.engine();
        }
        return running.client(
                type,
                engine ->
                        type.getName().equals(SYNC) ? SdkClients.blocking(engine) : SdkClients.async(engine, context));
    }

    /** The plan that holds for a class. An engine for the class starts here. */
    private Declared declare(ExtensionContext context) {
        ExtensionContext.Store store = context.getStore(namespace);
        Class<?> testClass = context.getRequiredTestClass();
        Optional<EnginePlan> own = built.or(() ->
                AnnotationSupport.findAnnotation(testClass, WithEngine.class).map(EnginePlan::of));
        // Of this class, or of one around it.
        @Nullable Declared known = store.get(Declared.class, Declared.class);
        if (known != null && (known.by == testClass || built.isPresent() || own.isEmpty())) {
            return known;
        }
        Declared declared = new Declared(own.orElse(EnginePlan.USUAL), testClass);
        if (declared.plan.lifetime() == EngineLifetime.CLASS) {
            store.put(testClass, new RunningEngine(declared.plan));
        }
        store.put(Declared.class, declared);
        return declared;
    }

    private RunningEngine running(ExtensionContext context) {
        ExtensionContext.Store store = context.getStore(namespace);
        Declared declared = declare(context);
        if (declared.plan.lifetime() == EngineLifetime.CLASS) {
            return Objects.requireNonNull(store.get(declared.by, RunningEngine.class));
        }
        @Nullable RunningEngine running = store.get(EngineLifetime.METHOD, RunningEngine.class);
        if (running != null) {
            return running;
        }
        if (context.getTestMethod().isEmpty()) {
            throw new ParameterResolutionException(
                    "There is one engine for each test, and there is no test yet: ask for"
                            + " it in the test or in @BeforeEach, or give the class one engine with EngineLifetime.CLASS");
        }
        RunningEngine made = new RunningEngine(declared.plan);
        store.put(EngineLifetime.METHOD, made);
        return made;
    }

    /** Makes an extension for a field with {@code @RegisterExtension}. */
    public static final class Builder {
        private final List<EnginePlan.Stream> streams = new ArrayList<>();
        private EngineLifetime lifetime = EngineLifetime.METHOD;
        private UnaryOperator<EngineSettings> settings = UnaryOperator.identity();

        private Builder() {}

        /** Adds a stream that each engine begins with. */
        public Builder stream(String name, int shards) {
            return stream(name, shards, "");
        }

        /** Adds a stream in a region. */
        public Builder stream(String name, int shards, String region) {
            streams.add(new EnginePlan.Stream(name, shards, region));
            return this;
        }

        /** {@link EngineLifetime#METHOD} unless told. */
        public Builder lifetime(EngineLifetime value) {
            lifetime = value;
            return this;
        }

        /** Changes the settings of each engine, beginning with those of {@link EngineSettings#ephemeral()}. */
        public Builder settings(UnaryOperator<EngineSettings> change) {
            UnaryOperator<EngineSettings> former = settings;
            settings = base -> change.apply(former.apply(base));
            return this;
        }

        public EngineExtension build() {
            return new EngineExtension(new EnginePlan(lifetime, settings, streams));
        }
    }
}

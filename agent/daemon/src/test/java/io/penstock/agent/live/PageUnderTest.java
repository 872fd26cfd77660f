package io.penstock.agent.live;

import io.penstock.agent.admin.AdminChanges;
import io.penstock.agent.admin.AdminServer;
import io.penstock.agent.admin.AdminSettings;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.net.ListenAddress;
import io.penstock.delivery.kinesis.shards.Hash128;
import io.penstock.delivery.kinesis.shards.Shard;
import io.penstock.delivery.kinesis.shards.ShardMap;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The admin listener with the live page of a scene; the test says when time goes on. For one thread. */
final class PageUnderTest implements AutoCloseable {
    private static final BigInteger ALL = BigInteger.ONE.shiftLeft(128);

    final Scene scene;
    final LivePage page;
    final Timeline timeline;
    final AtomicInteger readings = new AtomicInteger();
    private final AdminServer server;
    private volatile Duration elapsed = Duration.ZERO;
    private volatile Instant wall;

    /** @param past how long the agent has been up when the test begins */
    PageUnderTest(Scene scene, Duration past) {
        this.scene = scene;
        this.wall = Instant.now().minus(past);
        this.timeline = new Timeline(() -> wall);
        this.page = new LivePage(
                () -> {
                    readings.incrementAndGet();
                    return scene.reading(elapsed);
                },
                this::shards,
                () -> scene.clients,
                timeline,
                () -> scene.process,
                () -> elapsed.toNanos(),
                () -> wall);
        this.server = AdminServer.start(
                AdminSettings.open(new ListenAddress("127.0.0.1", 0)),
                100,
                () -> scene.reading(elapsed).state(),
                () -> "",
                MemoryBudget.of(16 << 20).account(1.0),
                page,
                AdminChanges.none());
    }

    private ShardMap shards(String target, String stream) {
        int count = scene.streams.stream()
                .filter(each -> each.name.equals(stream))
                .findFirst()
                .map(each -> each.shards)
                .orElse(0);
        List<Shard> shards = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            BigInteger first = ALL.multiply(BigInteger.valueOf(i)).divide(BigInteger.valueOf(count));
            BigInteger last = ALL.multiply(BigInteger.valueOf(i + 1L))
                    .divide(BigInteger.valueOf(count))
                    .subtract(BigInteger.ONE);
            shards.add(new Shard(Scene.shard(i), Hash128.parse(first.toString()), Hash128.parse(last.toString())));
        }
        return ShardMap.of(shards);
    }

    /** Time goes on, and then a reading is taken. */
    void pass(Duration time) {
        elapse(time);
        page.tick();
    }

    /** Time goes on. */
    void elapse(Duration time) {
        elapsed = elapsed.plus(time);
        wall = wall.plus(time);
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.addresses().get(0).getPort() + path;
    }

    @Override
    public void close() {
        server.stop();
        page.close();
    }
}

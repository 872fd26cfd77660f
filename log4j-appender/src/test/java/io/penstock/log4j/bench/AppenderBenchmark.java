package io.penstock.log4j.bench;

import com.sun.management.ThreadMXBean;
import io.penstock.base.ack.Watermark;
import io.penstock.forward.server.Chunk;
import io.penstock.forward.server.ForwardEvents;
import io.penstock.forward.server.ForwardServer;
import io.penstock.forward.server.ForwardSettings;
import io.penstock.forward.server.Receipt;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.ThreadContext;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.ConfigurationSource;
import org.apache.logging.log4j.core.config.xml.XmlConfiguration;
import org.komamitsu.fluency.Fluency;
import org.komamitsu.fluency.fluentd.FluencyBuilderForFluentd;

/**
 * Our appender beside Log4j's SocketAppender with JsonTemplateLayout and beside Fluency with acknowledgements: events
 * of eight fields from one thread, up to the last acknowledgement where there is one. Servers run in the same process
 * and throw away what they get. {@code log4j-appender/bench/appender-speed} runs it.
 */
public final class AppenderBenchmark {
    private static final long DRAIN_SECONDS = 120;

    private final int events;
    private final AtomicLong received = new AtomicLong();

    private AppenderBenchmark(int events) {
        this.events = events;
    }

    /** @param args number of events (600000), rounds (3) */
    public static void main(String[] args) throws Exception {
        int events = args.length > 0 ? Integer.parseInt(args[0]) : 600_000;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
        AppenderBenchmark benchmark = new AppenderBenchmark(events);
        for (int round = 0; round < rounds; round++) {
            benchmark.logged("Log4j alone", "<CountingNoOp name='out'/>");
            benchmark.penstock("Penstock appender", "");
            benchmark.withSpillFile();
            benchmark.socket();
            benchmark.fluency();
        }
        System.exit(0);
    }

    private void penstock(String name, String attributes) throws Exception {
        try (ForwardServer server = server()) {
            logged(
                    name,
                    "<Penstock name='out' host='127.0.0.1' port='"
                            + server.addresses().get(0).getPort()
                            + "' whenFull='BLOCK' maxBlockMillis='60000' shutdownTimeoutMillis='60000' " + attributes
                            + "/>");
        }
        check();
    }

    private void withSpillFile() throws Exception {
        Path folder = Files.createTempDirectory("appender-bench");
        Path file = folder.resolve("spill");
        penstock("  with a spill file", "spillFile='" + file + "'");
        Files.delete(file);
        Files.delete(folder);
    }

    private void socket() throws Exception {
        try (ServerSocket sink = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread reader = new Thread(() -> swallow(sink), "sink");
            reader.setDaemon(true);
            reader.start();
            logged(
                    "SocketAppender",
                    "<Socket name='out' host='127.0.0.1' port='" + sink.getLocalPort()
                            + "'><JsonTemplateLayout eventTemplateUri='classpath:EcsLayout.json'/></Socket>");
            reader.join(TimeUnit.SECONDS.toMillis(DRAIN_SECONDS));
        }
    }

    private static void swallow(ServerSocket sink) {
        byte[] buffer = new byte[256 * 1024];
        try (Socket socket = sink.accept();
                InputStream in = socket.getInputStream()) {
            while (in.read(buffer) >= 0) {
                // The content is not needed.
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void logged(String name, String appender) throws Exception {
        received.set(0);
        LoggerContext context = new LoggerContext("bench");
        String xml = "<Configuration><Appenders>" + appender + "</Appenders>"
                + "<Loggers><Root level='info'><AppenderRef ref='out'/></Root></Loggers></Configuration>";
        context.start(new XmlConfiguration(
                context, new ConfigurationSource(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)))));
        Logger logger = context.getLogger("com.acme.shop.Checkout");
        ThreadContext.put("trace.id", "4bf92f3577b34da6a3ce929d0e0e4736");
        ThreadContext.put("user.id", "u-1234567");
        ThreadContext.put("order.id", "o-7654321");
        ThreadContext.put("region", "eu-west-1");
        long[] nanos = new long[events];
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = 0;
        long start = System.nanoTime();
        long before = start;
        for (int n = 0; n < events; n++) {
            if (n == events / 2) {
                // By then the buffer has allocated its memory.
                allocated = threads.getCurrentThreadAllocatedBytes();
            }
            logger.info("order {} of {} items sold to somebody in the shop", n, 12);
            long now = System.nanoTime();
            nanos[n] = now - before;
            before = now;
        }
        double perEvent = (threads.getCurrentThreadAllocatedBytes() - allocated) / (events / 2.0);
        context.stop(DRAIN_SECONDS, TimeUnit.SECONDS);
        long took = System.nanoTime() - start;
        ThreadContext.clearAll();
        Arrays.sort(nanos);
        print(name, took, nanos, perEvent);
    }

    private void fluency() throws Exception {
        received.set(0);
        try (ForwardServer server = server()) {
            FluencyBuilderForFluentd builder = new FluencyBuilderForFluentd();
            builder.setAckResponseMode(true);
            builder.setMaxBufferSize(512L * 1024 * 1024);
            builder.setWaitUntilBufferFlushed((int) DRAIN_SECONDS);
            long[] nanos = new long[events];
            long start;
            try (Fluency fluency =
                    builder.build("127.0.0.1", server.addresses().get(0).getPort())) {
                start = System.nanoTime();
                long before = start;
                for (int n = 0; n < events; n++) {
                    Map<String, Object> event = new LinkedHashMap<>();
                    event.put("log.level", "INFO");
                    event.put("log.logger", "com.acme.shop.Checkout");
                    event.put("process.thread.name", "main");
                    event.put("message", "order " + n + " of 12 items sold to somebody in the shop");
                    event.put("trace.id", "4bf92f3577b34da6a3ce929d0e0e4736");
                    event.put("user.id", "u-1234567");
                    event.put("order.id", "o-7654321");
                    event.put("region", "eu-west-1");
                    fluency.emit("shop", event);
                    long now = System.nanoTime();
                    nanos[n] = now - before;
                    before = now;
                }
            }
            long took = System.nanoTime() - start;
            Arrays.sort(nanos);
            print("Fluency with acks", took, nanos, -1);
        }
        check();
    }

    private ForwardServer server() throws IOException {
        return ForwardServer.start(
                ForwardSettings.on(new InetSocketAddress("127.0.0.1", 0)), this::take, ForwardEvents.NONE);
    }

    private Receipt take(Chunk chunk) {
        received.addAndGet(chunk.entries());
        chunk.stored(Watermark.IMMEDIATE, 0);
        return Receipt.TAKEN;
    }

    private void check() {
        if (received.get() < events) {
            throw new IllegalStateException(received.get() + " of " + events + " events arrived");
        }
    }

    private void print(String name, long took, long[] sorted, double allocated) {
        System.out.printf(
                Locale.ROOT,
                "%-20s %,9.0f events/s   call p50 %5d ns  p99 %6d ns  max %,11d ns%s%n",
                name,
                events * 1e9 / took,
                sorted[sorted.length / 2],
                sorted[sorted.length * 99 / 100],
                sorted[sorted.length - 1],
                allocated < 0 ? "" : String.format(Locale.ROOT, "   %.1f B allocated per event", allocated));
    }
}

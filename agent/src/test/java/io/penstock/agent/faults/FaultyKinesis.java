package io.penstock.agent.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.agent.faults.FaultPlan.Fault;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A proxy (HTTP/1.1, plain) in front of a real endpoint that makes put calls fail as its plan says, from a seed, limits
 * shards as Amazon does, and reshards; other calls pass. Each fault of the first plan befalls one of the first calls,
 * so that a short run meets all of them. A thread per connection, each with a connection of its own to
 * the endpoint.
 *
 * <p>By hand: {@code agent/bench/faulty-kinesis}; docs/sender.md has its words.
 */
public final class FaultyKinesis implements AutoCloseable {
    private final ServerSocket server;
    private final InetSocketAddress upstream;
    private final Random random;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicLong faults = new AtomicLong();
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong records = new AtomicLong();
    private final AtomicLong throttled = new AtomicLong();
    private final ShardLimits limits = new ShardLimits();
    private final Set<String> streams = ConcurrentHashMap.newKeySet();
    private final Upstream questions;
    private final Set<Fault> unmet = ConcurrentHashMap.newKeySet();
    private volatile FaultPlan plan;

    public FaultyKinesis(int port, URI upstream, FaultPlan plan, long seed) throws IOException {
        this.upstream = new InetSocketAddress(upstream.getHost(), upstream.getPort());
        this.questions = new Upstream(this.upstream);
        this.plan = plan;
        plan.shares().forEach((fault, share) -> {
            if (share > 0) {
                unmet.add(fault);
            }
        });
        this.random = new Random(seed);
        this.server = new ServerSocket(port, 128, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
        threads.execute(this::watchShards);
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /** From now on other faults. */
    public void plan(FaultPlan newPlan) {
        unmet.clear();
        plan = newPlan;
    }

    /** Calls that met a fault, and records that were throttled. */
    public long faults() {
        return faults.get();
    }

    /** Put calls that came. */
    public long calls() {
        return calls.get();
    }

    /** Records that came with calls which were let through, each time that they did. */
    public long records() {
        return records.get();
    }

    /** Those of them that were throttled. */
    public long throttled() {
        return throttled.get();
    }

    /** Asks for the shards every second while they are limited, and reshards when it is time to. */
    private void watchShards() {
        boolean grown = false;
        try {
            for (int second = 1; ; second++) {
                pause(1_000);
                boolean reshard = plan.reshardSeconds() > 0 && second % plan.reshardSeconds() == 0;
                for (String stream : streams) {
                    List<BigInteger> shards = questions.shards(stream);
                    if (reshard && !shards.isEmpty()) {
                        int count = shards.size();
                        questions.reshard(stream, grown ? Math.max(1, count * 2 / 3) : count + (count + 1) / 2);
                    }
                    know(stream, shards);
                }
                grown ^= reshard;
            }
        } catch (IOException end) {
            // closed, or the endpoint is gone
        }
    }

    private void know(String stream, List<BigInteger> shards) {
        if (!shards.isEmpty()) {
            limits.shards(stream, shards);
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                sockets.add(client);
                threads.execute(() -> serve(client));
            }
        } catch (IOException end) {
            closed.countDown();
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket endpoint = new Socket()) {
            endpoint.connect(upstream);
            sockets.add(endpoint);
            boolean open = true;
            while (open) {
                Fault fault = unmet.stream().findFirst().orElseGet(() -> plan.draw(random));
                InputStream in = client.getInputStream();
                open = answer(client, endpoint, HttpMessage.read(fault == Fault.SLOW_READ ? slowly(in) : in), fault);
            }
        } catch (IOException end) {
            // either side is gone, which is all that a proxy needs to know
        } finally {
            sockets.remove(client);
        }
    }

    /** False when the connection is of no more use. */
    private boolean answer(Socket client, Socket endpoint, HttpMessage request, @Nullable Fault drawn)
            throws IOException {
        boolean put = request.operation().startsWith("PutRecord");
        calls.addAndGet(put ? 1 : 0);
        Fault fault = put ? drawn : null;
        if (put && plan.latencyMillis() > 0) {
            pause(random.nextInt(plan.latencyMillis()));
        }
        if (fault == null) {
            forward(endpoint, request, put).writeTo(client.getOutputStream());
            return true;
        }
        unmet.remove(fault);
        faults.incrementAndGet();
        return fail(fault, client, endpoint, request);
    }

    private boolean fail(Fault fault, Socket client, Socket endpoint, HttpMessage request) throws IOException {
        switch (fault) {
            case ERROR_500 -> error(request, 500, "InternalFailure").writeTo(client.getOutputStream());
            case EXPIRED -> error(request, 400, "ExpiredTokenException").writeTo(client.getOutputStream());
            case MISSING -> error(request, 400, "ResourceNotFoundException").writeTo(client.getOutputStream());
            case DENIED -> error(request, 400, "AccessDeniedException").writeTo(client.getOutputStream());
            case RESET_BEFORE -> reset(client);
            case RESET_AFTER -> {
                forward(endpoint, request, false);
                reset(client);
            }
            case HANG -> pause(Integer.MAX_VALUE);
            case SLOW_READ -> forward(endpoint, request, true).writeTo(client.getOutputStream());
            case SLOW_ANSWER -> trickle(forward(endpoint, request, true), client.getOutputStream());
        }
        return fault != Fault.RESET_BEFORE && fault != Fault.RESET_AFTER && fault != Fault.HANG;
    }

    private HttpMessage forward(Socket endpoint, HttpMessage request, boolean throttle) throws IOException {
        FaultPlan now = plan;
        if (!throttle || now.throttledRecords() == 0 && !now.limitsShards() && now.reshardSeconds() == 0) {
            return exchange(endpoint, request);
        }
        JsonNode body = Throttling.format(request).readTree(request.body());
        Throttling.Rule rule = rule(now, body.path("StreamName").asText());
        if (!request.operation().equals("PutRecords")) {
            records.incrementAndGet();
            if (Throttling.throttles(body, rule)) {
                count(1);
                return error(request, 400, "ProvisionedThroughputExceededException");
            }
            return exchange(endpoint, request);
        }
        records.addAndGet(body.get("Records").size());
        Throttling throttling = Throttling.of(request, rule);
        count(throttling.count());
        if (throttling.nothingLeft()) {
            return answer(request, "200 OK", throttling.allThrottled());
        }
        HttpMessage answer = exchange(endpoint, request.withBody(throttling.rest()));
        return answer.start().contains(" 200 ") ? answer.withBody(throttling.merged(answer.body())) : answer;
    }

    private void count(int more) {
        throttled.addAndGet(more);
        faults.addAndGet(more);
    }

    private Throttling.Rule rule(FaultPlan now, String stream) throws IOException {
        streams.add(stream);
        if (now.limitsShards() && !limits.knows(stream)) {
            know(stream, questions.shards(stream));
        }
        return (key, hashKey, bytes) -> random.nextDouble() < now.throttledRecords()
                || now.limitsShards()
                        && !limits.takes(stream, key, hashKey, bytes, now.shardLimit(), System.nanoTime());
    }

    private static HttpMessage exchange(Socket endpoint, HttpMessage request) throws IOException {
        request.writeTo(endpoint.getOutputStream());
        return HttpMessage.read(endpoint.getInputStream());
    }

    private static HttpMessage error(HttpMessage request, int status, String code) throws IOException {
        ObjectMapper format = Throttling.format(request);
        byte[] body = format.writeValueAsBytes(
                format.createObjectNode().put("__type", code).put("message", "as the plan wants it"));
        return answer(request, status + " Planned", body);
    }

    private static HttpMessage answer(HttpMessage request, String status, byte[] body) {
        Map<String, String> headers = new HashMap<>();
        headers.put("content-type", request.header("content-type"));
        return new HttpMessage("HTTP/1.1 " + status, headers, body);
    }

    private static void reset(Socket client) throws IOException {
        client.setSoLinger(true, 0);
        client.close();
    }

    private void trickle(HttpMessage answer, OutputStream out) throws IOException {
        for (byte each : answer.bytes()) {
            out.write(each);
            out.flush();
        }
    }

    /** A piece at a time, with a pause after each. */
    private InputStream slowly(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                pause(1);
                return super.read(into, from, Math.min(length, 256));
            }
        };
    }

    private void pause(int millis) throws IOException {
        try {
            if (closed.await(millis, TimeUnit.MILLISECONDS)) {
                throw new IOException("closed");
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IOException(stop);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        closed.countDown();
        for (Socket socket : sockets) {
            socket.close();
        }
        threads.shutdownNow();
    }

    /** Runs until it is killed; see the class comment. */
    public static void main(String[] args) throws Exception {
        if (args.length < 2) {
            System.err.println(
                    "Usage: faulty-kinesis PORT http://HOST:PORT [WORD=VALUE ...]; docs/sender.md has the words");
            System.exit(2);
        }
        List<String> words = new ArrayList<>(List.of(args).subList(2, args.length));
        long seed = System.nanoTime();
        for (String word : List.copyOf(words)) {
            if (word.startsWith("seed=")) {
                seed = Long.parseLong(word.substring("seed=".length()));
                words.remove(word);
            }
        }
        FaultPlan plan = FaultPlan.parse(words);
        FaultyKinesis proxy = new FaultyKinesis(Integer.parseInt(args[0]), URI.create(args[1]), plan, seed);
        System.out.println(
                "Faulty Kinesis on " + proxy.uri() + " in front of " + args[1] + ": " + plan + ", seed=" + seed);
        new CountDownLatch(1).await();
    }
}

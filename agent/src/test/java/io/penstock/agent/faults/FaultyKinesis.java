package io.penstock.agent.faults;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.agent.faults.FaultPlan.Fault;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
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
 * A proxy (HTTP/1.1, plain) in front of a real endpoint that makes put calls fail as its plan says, from a seed; other
 * calls pass. A thread per connection, each with a connection of its own to the endpoint.
 *
 * <p>By hand: {@code java -cp ... io.penstock.agent.faults.FaultyKinesis PORT http://HOST:PORT [reset-after=0.1]
 * [throttle=0.2] [hang=0.01] [latency=50] ...}
 */
public final class FaultyKinesis implements AutoCloseable {
    private final ServerSocket server;
    private final InetSocketAddress upstream;
    private final Random random;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicLong faults = new AtomicLong();
    private volatile FaultPlan plan;

    public FaultyKinesis(int port, URI upstream, FaultPlan plan, long seed) throws IOException {
        this.upstream = new InetSocketAddress(upstream.getHost(), upstream.getPort());
        this.plan = plan;
        this.random = new Random(seed);
        this.server = new ServerSocket(port, 128, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /** From now on other faults. */
    public void plan(FaultPlan newPlan) {
        plan = newPlan;
    }

    /** Calls that met a fault, and records that were throttled. */
    public long faults() {
        return faults.get();
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
                Fault fault = plan.draw(random);
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
        Fault fault = put ? drawn : null;
        if (put && plan.latencyMillis() > 0) {
            pause(random.nextInt(plan.latencyMillis()));
        }
        if (fault == null) {
            forward(endpoint, request, put).writeTo(client.getOutputStream());
            return true;
        }
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
        double share = throttle ? plan.throttledRecords() : 0;
        if (share == 0) {
            return exchange(endpoint, request);
        }
        if (!request.operation().equals("PutRecords")) {
            if (random.nextDouble() < share) {
                faults.incrementAndGet();
                return error(request, 400, "ProvisionedThroughputExceededException");
            }
            return exchange(endpoint, request);
        }
        Throttling throttling = Throttling.of(request, share, random);
        faults.addAndGet(throttling.count());
        if (throttling.nothingLeft()) {
            return answer(request, "200 OK", throttling.allThrottled());
        }
        HttpMessage answer = exchange(endpoint, request.withBody(throttling.rest()));
        return answer.start().contains(" 200 ") ? answer.withBody(throttling.merged(answer.body())) : answer;
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
        FaultPlan plan = FaultPlan.parse(List.of(args).subList(2, args.length));
        FaultyKinesis proxy =
                new FaultyKinesis(Integer.parseInt(args[0]), URI.create(args[1]), plan, System.nanoTime());
        System.out.println("Faulty Kinesis on " + proxy.uri() + " in front of " + args[1] + ": " + plan);
        new CountDownLatch(1).await();
    }
}

package io.penstock.engine.clients;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.dynamodb.services.local.main.ServerRunner;
import software.amazon.dynamodb.services.local.server.DynamoDBProxyServer;

/** Workers of the Kinesis Client Library in separate processes, and their leases in DynamoDB Local. */
final class KclWorkers implements AutoCloseable {
    private final Map<String, Process> workers = new HashMap<>();
    private final String stream;
    private final String engine;
    private final Path folder;
    private final String table;
    private final DynamoDBProxyServer leases;
    private final DynamoDbAsyncClient dynamo;

    /** @param folder where their notes and logs are */
    KclWorkers(String stream, int enginePort, Path folder) throws Exception {
        this.stream = stream;
        this.engine = "http://127.0.0.1:" + enginePort;
        this.folder = folder;
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        this.leases = ServerRunner.createServerFromCommandLineArgs(
                new String[] {"-inMemory", "-disableTelemetry", "-port", String.valueOf(port)});
        leases.start();
        this.table = "http://127.0.0.1:" + port;
        this.dynamo = DynamoDbAsyncClient.builder()
                .endpointOverride(URI.create(table))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
                .build();
    }

    /** @param mode {@code polling} or {@code fanout}; workers of one mode share the shards */
    void start(String name, String mode) throws IOException {
        start(name, mode, "256m");
    }

    /** @param heap the worker holds records of each shard that it has read ahead */
    void start(String name, String mode, String heap) throws IOException {
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        workers.put(
                name,
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-Xmx" + heap,
                                "-cp",
                                classes,
                                KclWorker.class.getName(),
                                engine,
                                table,
                                stream,
                                name,
                                mode,
                                notes(name).toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve(name + ".log").toFile())
                        .start());
    }

    void kill(String name) throws InterruptedException {
        workers.get(name).destroyForcibly().waitFor();
    }

    /** Stops the worker as an operator does: what it processed is checkpointed. */
    void stop(String name) throws InterruptedException {
        workers.get(name).destroy();
        assertTrue(workers.get(name).waitFor(60, TimeUnit.SECONDS));
    }

    private Path notes(String worker) {
        return folder.resolve(worker + ".notes");
    }

    Set<String> names() {
        return workers.keySet();
    }

    /** In the order of the shards that it processed. */
    List<String> noted(String worker, String kind) {
        try {
            return Files.exists(notes(worker))
                    ? Files.readAllLines(notes(worker)).stream()
                            .filter(line -> line.startsWith(kind + " "))
                            .map(line -> line.substring(kind.length() + 1))
                            .toList()
                    : List.of();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Of all workers. */
    List<String> noted(String kind) {
        List<String> all = new ArrayList<>();
        workers.keySet().forEach(worker -> all.addAll(noted(worker, kind)));
        return all;
    }

    /** Leases by owner, without those of shards that are read to their end. */
    Map<String, List<String>> owners(String mode) {
        Map<String, List<String>> owners = new HashMap<>();
        for (Map<String, AttributeValue> row :
                dynamo.scan(r -> r.tableName("app-" + mode)).join().items()) {
            AttributeValue owner = row.get("leaseOwner");
            if (owner != null && !row.get("checkpoint").s().equals("SHARD_END")) {
                owners.computeIfAbsent(owner.s(), key -> new ArrayList<>())
                        .add(row.get("leaseKey").s());
            }
        }
        return owners;
    }

    @Override
    public void close() throws Exception {
        workers.values().forEach(Process::destroyForcibly);
        dynamo.close();
        leases.stop();
    }
}

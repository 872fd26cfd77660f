package io.penstock.journal.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * RocksDB's write-ahead log in the best case: one thread puts as many messages as there are clients into one write
 * batch and syncs it, without any hand-over between threads.
 */
final class RocksDbContender implements Contender {
    private final Options options = new Options().setCreateIfMissing(true);
    private final WriteOptions synced = new WriteOptions().setSync(true);
    private final RocksDB database;
    private final Latencies latencies = new Latencies();
    private final byte[] message = new byte[LogBench.MESSAGE];
    private long next;

    RocksDbContender(Path folder) throws IOException {
        try {
            database = RocksDB.open(options, folder.resolve("rocksdb").toString());
        } catch (RocksDBException e) {
            throw new IOException(e);
        }
    }

    @Override
    public String name() {
        return "rocksdb";
    }

    @Override
    public Round run(int clients, long nanos) throws IOException {
        latencies.clear();
        byte[] key = new byte[Long.BYTES];
        long start = System.nanoTime();
        long now = start;
        long messages = 0;
        while (now - start < nanos) {
            long before = now;
            try (WriteBatch batch = new WriteBatch()) {
                for (int i = 0; i < clients; i++) {
                    ByteBuffer.wrap(key).putLong(next++);
                    batch.put(key, message);
                }
                database.write(synced, batch);
            } catch (RocksDBException e) {
                throw new IOException(e);
            }
            now = System.nanoTime();
            latencies.add(now - before);
            messages += clients;
        }
        return latencies.round(messages, now - start);
    }

    @Override
    public void close() {
        database.close();
        synced.close();
        options.close();
    }
}

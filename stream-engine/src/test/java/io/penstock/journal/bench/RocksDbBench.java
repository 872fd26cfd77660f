package io.penstock.journal.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** RocksDB and the log in alternating rounds. Usage: {@code RocksDbBench FOLDER [ROUNDS [SECONDS]]}. */
public final class RocksDbBench {
    private RocksDbBench() {}

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 9;
        double seconds = args.length > 2 ? Double.parseDouble(args[2]) : 2;
        try (Contender rocksDb = new RocksDbContender(folder);
                LogContender log = new LogContender(folder)) {
            log.warmUp();
            LogBench.compare(List.of(rocksDb, log), new int[] {50, 200, 500}, rounds, seconds);
        }
    }
}

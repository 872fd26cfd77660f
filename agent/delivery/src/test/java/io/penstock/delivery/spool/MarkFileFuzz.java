package io.penstock.delivery.spool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What must hold for any bytes in the files of marks. The entry of Jazzer, which {@code agent/bench/fuzz} runs;
 * {@link MarkFileFuzzTest} tries some in each build.
 */
public final class MarkFileFuzz {
    private static final int SLOT_BYTES = 36;

    private MarkFileFuzz() {}

    /** The first byte says where the bytes are divided between the two files. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        try {
            Path folder = Files.createTempDirectory("marks");
            try {
                check(folder, Arrays.copyOfRange(data, 1, data.length), (data[0] & 0xff) * (data.length - 1) / 255);
            } finally {
                for (String file : List.of("marks", "marks.old")) {
                    Files.deleteIfExists(folder.resolve(file));
                }
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the number of marks that were read. What was read, and what is added, must be read again. */
    static int check(Path folder, byte[] bytes, int cut) throws IOException {
        Files.write(folder.resolve("marks.old"), Arrays.copyOf(bytes, cut));
        Files.write(folder.resolve("marks"), Arrays.copyOfRange(bytes, cut, bytes.length));
        MarkFile file = new MarkFile(folder, 1_000);
        List<MarkFile.Slot> read = file.read();
        if (read.size() > bytes.length / SLOT_BYTES) {
            throw new AssertionError(read.size() + " marks in " + bytes.length + " bytes");
        }
        byte[] mark = new byte[SpooledRecord.MARK_BYTES];
        Arrays.fill(mark, (byte) 7);
        file.append(List.of(new MarkFile.Slot(mark, 42)));
        List<MarkFile.Slot> again = new MarkFile(folder, 1_000).read();
        MarkFile.Slot last = again.get(again.size() - 1);
        if (again.size() != read.size() + 1 || last.offset() != 42 || !Arrays.equals(mark, last.mark())) {
            throw new AssertionError(again.size() + " marks after one was added to " + read.size());
        }
        return read.size();
    }
}

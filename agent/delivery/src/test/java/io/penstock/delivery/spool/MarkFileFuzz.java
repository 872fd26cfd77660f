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

    /** Writes whole marks to begin with into a folder: random bytes have no right checksum. */
    public static void main(String[] folder) throws IOException {
        Path first = Files.createDirectories(Path.of(folder[0]));
        MarkFile file = new MarkFile(first, 1_000);
        for (int count = 1; count <= 3; count++) {
            file.append(List.of(new MarkFile.Slot(new byte[SpooledRecord.MARK_BYTES], count)));
            byte[] marks = Files.readAllBytes(first.resolve("marks"));
            for (int files = 1; files <= 2; files++) {
                byte[] input = new byte[marks.length + 1];
                input[0] = (byte)
                        (files == 1 ? 0 : (255 + count - 1) / count); // all in one file, or the first in the other
                System.arraycopy(marks, 0, input, 1, marks.length);
                Files.write(first.resolve(count + "-in-" + files), input);
            }
        }
        file.delete();
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

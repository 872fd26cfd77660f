package io.penstock.agent.mqtt;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/** The file with the password of a bridge: its bytes, without the line feed at their end. */
public final class BridgePassword {
    private static final int MOST = 65_535;

    private BridgePassword() {}

    /**
     * Reads it. Blocks on the disk.
     *
     * @throws IOException when it cannot be the password, naming the file and the remedy
     */
    public static byte[] read(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MOST + 3);
        } catch (NoSuchFileException e) {
            throw new IOException(file + ": there is no such file; write the password into it", e);
        } catch (AccessDeniedException e) {
            throw new IOException(file + " may not be read; give this user the right to read it", e);
        } catch (IOException e) {
            throw new IOException(file + " cannot be read: " + e.getMessage() + "; name a file with the password", e);
        }
        int length = bytes.length;
        if (length > 0 && bytes[length - 1] == '\n') {
            length -= length > 1 && bytes[length - 2] == '\r' ? 2 : 1;
        }
        if (length == 0) {
            throw new IOException(file + " is empty; write the password into it");
        }
        if (length > MOST) {
            throw new IOException(file + " has more than " + MOST + " bytes; write the password alone into it");
        }
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                throw new IOException(file + " has several lines; write the password alone into it");
            }
        }
        return Arrays.copyOf(bytes, length);
    }
}

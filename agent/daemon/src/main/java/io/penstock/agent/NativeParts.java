package io.penstock.agent;

import com.github.luben.zstd.Zstd;
import io.netty.channel.epoll.Epoll;
import io.penstock.agent.config.Configuration;
import io.penstock.agent.record.Compression;
import io.penstock.base.files.OwnerOnly;
import io.penstock.base.files.UnfitFileException;
import io.penstock.base.text.CauseText;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The libraries that are native code: Netty's epoll and zstd. Each is unpacked into a folder and loaded from there, so
 * that the folder must be writable and may not be mounted noexec: the one for temporary files, else one in the data
 * folder. The packages have them unpacked beside the jars, in a folder of java.library.path. To be called before
 * anything loads either. Blocks on the disk.
 */
final class NativeParts {
    private static final Logger LOG = LoggerFactory.getLogger(NativeParts.class);
    private static final String OF_NETTY = "io.netty.native.workdir";
    private static final String OF_ZSTD = "ZstdTempFolder";
    private static final String REMEDY = "mount a folder without noexec and name it in PENSTOCK_JAVA_OPTS, as in"
            + " -Djava.io.tmpdir=/var/lib/penstock-tmp";

    private NativeParts() {}

    /**
     * Chooses the folder, and says in one line what does without native code.
     *
     * @param data the data folder, where a folder of its own may be made; empty for none
     * @throws UnfitFileException when a route compresses with zstd, and it cannot be loaded
     */
    static void prepare(Configuration configuration, Optional<Path> data) throws UnfitFileException {
        String obstacles = chooseFolder(data);
        boolean compresses = configuration.routes().stream().anyMatch(route -> route.compression() == Compression.ZSTD);
        if (compresses) {
            requireZstd(obstacles);
        }
        if (!obstacles.isEmpty() && !Epoll.isAvailable()) {
            LOG.warn(
                    "Native code cannot be loaded: {}. Connections are served by the JDK, which is slower, and what comes"
                            + " compressed with zstd (chunks of the forward protocol, bodies of HTTP and OTLP) is"
                            + " refused. Remedy: {}",
                    obstacles,
                    REMEDY);
        }
    }

    /** As {@link #prepare} for a check, which leaves the data folder as it is. */
    static void requireFor(Configuration configuration) throws UnfitFileException {
        Path data = configuration.data();
        prepare(configuration, Files.isDirectory(data) ? Optional.of(data) : Optional.empty());
    }

    private static void requireZstd(String obstacles) throws UnfitFileException {
        try {
            var unused = Zstd.compressBound(1);
        } catch (LinkageError missing) {
            throw new UnfitFileException(
                    "a route has compress: zstd, whose native code cannot be loaded: "
                            + (obstacles.isEmpty() ? firstLine(missing) : obstacles) + "; " + REMEDY
                            + ", or use compress: gzip",
                    missing);
        }
    }

    private static String firstLine(Throwable failure) {
        return CauseText.orUnknown(failure);
    }

    /** What is wrong with all of the folders; empty when one serves. */
    private static String chooseFolder(Optional<Path> data) {
        if (installed(System.getProperty("java.library.path", ""))) {
            return "";
        }
        Path usual = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
        Optional<String> obstacle = obstacle(usual);
        if (obstacle.isEmpty()) {
            return "";
        }
        if (data.isEmpty()) {
            return obstacle.get();
        }
        Path own = data.get().resolve("native");
        Optional<String> further = clear(own).or(() -> obstacle(own));
        if (further.isPresent()) {
            return obstacle.get() + ", and " + further.get();
        }
        setUnlessSet(OF_NETTY, own);
        setUnlessSet(OF_ZSTD, own);
        LOG.info("Native code is loaded from {}, because {}", own, obstacle.get());
        return "";
    }

    /** True if a folder of the path, which separates folders by colons, holds Netty's epoll. */
    static boolean installed(String libraryPath) {
        for (String folder : libraryPath.split(File.pathSeparator, -1)) {
            String[] found = folder.isEmpty()
                    ? null
                    : new File(folder).list((in, name) -> name.startsWith("libnetty_transport_native_epoll"));
            if (found != null && found.length > 0) {
                return true;
            }
        }
        return false;
    }

    private static void setUnlessSet(String property, Path folder) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, folder.toString());
        }
    }

    /** Makes the folder when missing; deletes what an earlier process left there that was killed. */
    private static Optional<String> clear(Path own) {
        try {
            OwnerOnly.createFolders(own);
            try (DirectoryStream<Path> left = Files.newDirectoryStream(own)) {
                for (Path each : left) {
                    Files.deleteIfExists(each);
                }
            }
            return Optional.empty();
        } catch (IOException unwritable) {
            return Optional.of(own + " cannot be written (" + reason(unwritable) + ")");
        }
    }

    private static Optional<String> obstacle(Path folder) {
        try {
            Path probe = Files.createTempFile(
                    folder,
                    "penstock-",
                    ".probe",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            try {
                return Files.isExecutable(probe) ? Optional.empty() : Optional.of(folder + " is mounted noexec");
            } finally {
                Files.delete(probe);
            }
        } catch (IOException unwritable) {
            return Optional.of(folder + " cannot be written (" + reason(unwritable) + ")");
        } catch (UnsupportedOperationException withoutPermissions) {
            return Optional.empty();
        }
    }

    private static String reason(IOException unwritable) {
        return unwritable instanceof FileSystemException system && system.getReason() != null
                ? system.getReason()
                : CauseText.orUnknown(unwritable);
    }
}

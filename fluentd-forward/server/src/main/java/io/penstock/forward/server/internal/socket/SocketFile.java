package io.penstock.forward.server.internal.socket;

import io.penstock.base.text.CauseText;
import io.penstock.forward.server.UnixSocket;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a Unix domain socket. The socket is bound in a folder that only this process's user may enter, gets its
 * permissions there and is then moved to its path. So no client connects before the permissions hold, and a path never
 * stands without a listener.
 *
 * <p>May block on the disk. Any thread, one call at a time.
 */
public final class SocketFile {
    private static final Logger LOG = LoggerFactory.getLogger("io.penstock.forward.server.ForwardServer");

    /** Bytes of a path in Linux's {@code sockaddr_un}, without the 0 at its end. */
    public static final int MAX_PATH = 107;

    private static final int TYPE = 0170000;
    private static final int SOCKET = 0140000;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private final UnixSocket settings;
    private final Path path;
    private final Path workshop;
    private Object inode = "none";

    private SocketFile(UnixSocket settings, Path workshop) {
        this.settings = settings;
        this.path = settings.path();
        this.workshop = workshop;
    }

    /**
     * Sees to it that the path is free, and makes the folder in which the socket is bound.
     *
     * @throws IOException with what is wrong and the remedy
     */
    public static SocketFile prepare(UnixSocket settings) throws IOException {
        Path path = settings.path();
        Path folder = path.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw cannot(path, "there is no folder " + folder + "; make it, or choose another path");
        }
        Path workshop = folder.resolve(".p" + ProcessHandle.current().pid());
        SocketFile file = new SocketFile(settings, workshop);
        if (bytes(path) > MAX_PATH || bytes(file.bindTo()) > MAX_PATH) {
            throw cannot(
                    path,
                    "its path has " + bytes(path) + " bytes, of which at most "
                            + Math.min(MAX_PATH, MAX_PATH - bytes(file.bindTo()) + bytes(path))
                            + " fit here; choose a shorter one");
        }
        file.checkFree();
        try {
            Files.deleteIfExists(file.bindTo());
            Files.deleteIfExists(workshop);
            Files.createDirectory(workshop, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } catch (FileSystemException e) {
            throw cannot(path, reason(e) + " in " + folder + "; let this program's user write there");
        }
        return file;
    }

    /** Where the socket is to be bound. */
    public Path bindTo() {
        return workshop.resolve("s");
    }

    /** The socket is bound: gives it its permissions and moves it to its path. */
    public void publish() throws IOException {
        try {
            PosixFileAttributeView view = Files.getFileAttributeView(bindTo(), PosixFileAttributeView.class);
            UserPrincipalLookupService names = path.getFileSystem().getUserPrincipalLookupService();
            if (settings.group().isPresent()) {
                view.setGroup(group(names, settings.group().get()));
            }
            view.setPermissions(settings.mode());
            if (settings.owner().isPresent()) {
                view.setOwner(user(names, settings.owner().get()));
            }
            inode = Files.getAttribute(bindTo(), "unix:ino");
            Files.move(bindTo(), path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (FileSystemException e) {
            throw cannot(path, reason(e) + " while its owner and mode are set");
        } finally {
            abandon();
        }
    }

    private GroupPrincipal group(UserPrincipalLookupService names, String group) throws IOException {
        try {
            return names.lookupPrincipalByGroupName(group);
        } catch (UserPrincipalNotFoundException e) { // some JDKs leave the name in it empty
            throw cannot(path, "there is no group \"" + group + "\" on this machine");
        }
    }

    private UserPrincipal user(UserPrincipalLookupService names, String user) throws IOException {
        try {
            return names.lookupPrincipalByName(user);
        } catch (UserPrincipalNotFoundException e) {
            throw cannot(path, "there is no user \"" + user + "\" on this machine");
        }
    }

    /** Removes what {@link #prepare} made; the socket stays if it has moved. */
    public void abandon() {
        try {
            Files.deleteIfExists(bindTo());
            Files.deleteIfExists(workshop);
        } catch (IOException e) {
            LOG.warn("forward: the folder {} cannot be removed: {}", workshop, CauseText.orUnknown(e));
        }
    }

    /** True if the path leads to this socket, or that cannot be found out. */
    public boolean stands() {
        try {
            return isThisSocket();
        } catch (NoSuchFileException removed) { // between the two looks at it
            return false;
        } catch (IOException unknown) {
            return true;
        }
    }

    private boolean isThisSocket() throws IOException {
        return isSocket()
                && Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS)
                        .equals(inode);
    }

    /** Removes the socket's file, unless another one has taken its place. */
    public void remove() {
        try {
            if (isThisSocket()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            LOG.warn("forward: the socket {} cannot be removed: {}", path, CauseText.orUnknown(e));
        }
    }

    private void checkFree() throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!isSocket()) {
            throw cannot(path, "there is a file that is no socket, which is left as it is; choose another path");
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false);
            probe.connect(UnixDomainSocketAddress.of(path));
        } catch (ConnectException deadOwner) {
            LOG.info("forward: the socket {} of a process that has ended is replaced", path);
            return;
        } catch (IOException e) {
            throw cannot(path, "there is a socket that cannot be looked at (" + e.getMessage() + "); remove it");
        }
        throw cannot(path, "a process answers there; end it, or choose another path");
    }

    private boolean isSocket() throws IOException {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                && ((int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & TYPE) == SOCKET;
    }

    private static String reason(FileSystemException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        return e instanceof FileAlreadyExistsException ? e.getFile() + " is in the way" : String.valueOf(e.getReason());
    }

    private static int bytes(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    private static IOException cannot(Path path, String why) {
        return new IOException("forward: cannot listen on unix:" + path + ": " + why);
    }
}

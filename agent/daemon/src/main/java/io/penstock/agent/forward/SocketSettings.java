package io.penstock.agent.forward;

import io.penstock.base.settings.As;
import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.Notation;
import io.penstock.base.settings.Parsed;
import io.penstock.base.settings.Text;
import io.penstock.forward.server.UnixSocket;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** The files of the Unix domain sockets in {@code forward.listen}. */
public record SocketSettings(
        @Key(usual = "0660")
        @As(Mode.class)
        @Doc(
                "permissions of a Unix domain socket's file, in octal digits; a sender needs to write to it. Nothing else is"
                        + " asked of its senders")
        FileMode socketMode,

        @Key(example = "penstock")
        @Text(what = "a user's name", most = 64)
        @Doc("user who owns that file; only root may set another one than its own")
        Optional<String> socketOwner,

        @Key(example = "fluent-bit")
        @Text(what = "a group's name", most = 64)
        @Doc("group of that file, one that the agent's user is in")
        Optional<String> socketGroup) {
    public static final SocketSettings DEFAULT =
            new SocketSettings(new FileMode(0660), Optional.empty(), Optional.empty());

    UnixSocket at(Path path) {
        return new UnixSocket(path, socketMode.permissions(), socketOwner, socketGroup);
    }

    /** The nine bits of a file's permissions. */
    public record FileMode(int bits) {
        Set<PosixFilePermission> permissions() {
            Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
            PosixFilePermission[] inOrder = PosixFilePermission.values();
            for (int i = 0; i < inOrder.length; i++) {
                if ((bits & 1 << (inOrder.length - 1 - i)) != 0) {
                    permissions.add(inOrder[i]);
                }
            }
            return permissions;
        }
    }

    /** Four octal digits, the first of them 0. */
    static final class Mode implements Notation<FileMode> {
        @Override
        public Parsed<FileMode> parse(String text) {
            return text.matches(pattern())
                    ? Parsed.right(new FileMode(Integer.parseInt(text, 8)))
                    : Parsed.wrong("\"" + text + "\" is no file mode", "write \"0660\", in quotes");
        }

        @Override
        public String format(FileMode mode) {
            return String.format("%04o", mode.bits());
        }

        @Override
        public String pattern() {
            return "0[0-7]{3}";
        }
    }
}

package io.penstock.agent.config;

import io.penstock.base.settings.Reload;

/** The configuration that a running agent can change to: what takes effect at a reload, and the rest as it was. */
public final class Merged {
    private Merged() {}

    /** {@code running} with the keys of {@code wanted} that take effect at a reload. */
    public static Configuration of(Configuration running, Configuration wanted) {
        return (Configuration) settings(Declared.of(Configuration.class), running, wanted);
    }

    private static Object settings(Declared declared, Object running, Object wanted) {
        Object[] values = declared.members().stream()
                .map(member -> value(member, member.of(running), member.of(wanted)))
                .toArray();
        return declared.made(values);
    }

    private static Object value(Member member, Object running, Object wanted) {
        if (running.equals(wanted) || member.reload() == Reload.HOT) {
            return wanted;
        }
        if (member.kind() instanceof Kind.Inlined inlined) {
            return settings(Declared.of(inlined.type()), running, wanted);
        }
        return member.kind() instanceof Kind.Below below && !member.optional()
                ? settings(Declared.of(below.type()), running, wanted)
                : running;
    }
}

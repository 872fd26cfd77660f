package io.penstock.forward.client;

/** Threads that neither keep an application alive nor hold on to the class loader of whoever started them. */
final class Daemons {
    private Daemons() {}

    static Thread start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.setContextClassLoader(Daemons.class.getClassLoader());
        thread.start();
        return thread;
    }
}

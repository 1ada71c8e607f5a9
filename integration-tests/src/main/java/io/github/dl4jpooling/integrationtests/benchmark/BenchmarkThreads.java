// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/** The number of OpenMP threads that a benchmark of ND4J runs with. */
final class BenchmarkThreads {

    private BenchmarkThreads() {}

    /** Takes the number the process was given. */
    static void use() {
        use(Integer.getInteger(BenchmarkProcess.THREADS_PROPERTY));
    }

    /** Holds for the calling thread. */
    static void use(int threads) {
        Nd4j.getExecutioner(); // starts ND4J, without which its operations are not there
        NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
    }
}

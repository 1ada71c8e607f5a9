// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.samediff;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.integrationtests.ForkedJvm;
import io.github.dl4jpooling.integrationtests.family.Conventions;
import io.github.dl4jpooling.integrationtests.family.Operators;
import io.github.dl4jpooling.ops.ExecutableOp;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.Collections;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J and this project start each other; whichever is touched first, everything works and nothing hangs. */
class FirstCallTest {

    private static final String DONE = "all operators ran";

    @Test
    void operatorFirst() {
        assertThat(ForkedJvm.run(OperatorFirst.class, Collections.emptyList())).contains(DONE);
    }

    @Test
    void bothAtOnce() {
        assertThat(ForkedJvm.run(BothAtOnce.class, Collections.emptyList())).contains(DONE);
    }

    private static void runAll() {
        INDArray x = Nd4j.ones(DataType.FLOAT, 1, 1, 4, 4);
        Operators.everyOneWithWindow()
                .forEach(operator -> Conventions.pool(operator, x, PoolingWindow.builder(2, 2).build()));
        System.out.println(DONE);
    }

    /** Makes ops before any array. */
    public static final class OperatorFirst {

        private OperatorFirst() {}

        public static void main(String[] arguments) {
            for (PoolingOperator operator : PoolingOperator.values()) {
                for (ExecutableOp op : operator.prototypes()) {
                    assertThat(op.opHash()).isNotZero();
                }
            }
            runAll();
        }
    }

    /** Makes an op in one thread while another one starts ND4J. */
    public static final class BothAtOnce {

        private BothAtOnce() {}

        public static void main(String[] arguments) throws Exception {
            ExecutorService threads = Executors.newFixedThreadPool(2);
            CountDownLatch start = new CountDownLatch(2);
            Future<?> op = threads.submit(() -> {
                start.countDown();
                start.await();
                return PoolingOperator.values()[0].prototypes();
            });
            Future<?> array = threads.submit(() -> {
                start.countDown();
                start.await();
                return Nd4j.zeros(DataType.FLOAT, 1);
            });
            op.get();
            array.get();
            threads.shutdown();
            runAll();
        }
    }
}

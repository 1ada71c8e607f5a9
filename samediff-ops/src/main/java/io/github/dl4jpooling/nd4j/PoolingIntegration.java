// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.nd4j;

import io.github.dl4jpooling.ops.ExecutableOp;
import io.github.dl4jpooling.ops.PoolingOperator;
import java.lang.reflect.Field;
import org.nd4j.imports.converters.ImportClassMapping;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes ND4J run the ops of this project. Users need not call it: it happens when ND4J starts (through {@link
 * PoolingEnvironmentalAction}) and again when the first op of the project is made.
 *
 * <p>ND4J 1.0.0-M2.1 has no public way to add an op: its executioner hands everything to libnd4j, and a loaded graph
 * finds its ops in a static table. So the executioner is replaced by a subclass and the table extended.
 */
public final class PoolingIntegration {

    private static final Logger LOG = LoggerFactory.getLogger(PoolingIntegration.class);
    private static final String CPU_EXECUTIONER = "org.nd4j.linalg.cpu.nativecpu.ops.NativeOpExecutioner";
    private static final String CUDA_EXECUTIONER = "org.nd4j.linalg.jcublas.ops.executioner.CudaExecutioner";

    private static volatile boolean installed;

    private PoolingIntegration() {}

    /** Installs the executioner and registers the ops, once. */
    public static void install() {
        if (!installed) {
            // Outside the lock: where ND4J has not started yet, its start calls this method, maybe in another thread.
            OpExecutioner current = Nd4j.getExecutioner();
            installOnce(current);
        }
    }

    private static synchronized void installOnce(OpExecutioner current) {
        if (installed) {
            return;
        }
        installed = true; // before the prototypes are made, whose constructor asks for the installation
        OpExecutioner replacement = replacementFor(current.getClass().getName());
        if (replacement == null) {
            LOG.warn(
                    "SameDiff ops of dl4j-pooling need ND4J's back-end nd4j-native or nd4j-cuda and will fail with {}.",
                    current.getClass().getName());
            return;
        }
        replaceExecutioner(replacement);
        for (PoolingOperator operator : PoolingOperator.values()) {
            for (ExecutableOp op : operator.prototypes()) {
                ImportClassMapping.getOpNameMapping().put(op.opName(), op);
            }
        }
    }

    /**
     * Guards against the JVM crash that libnd4j answers an unknown op with.
     *
     * @param opName the op about to be executed
     * @throws IllegalStateException if ND4J's executioner is not the one of this project
     */
    public static void requireInstalled(String opName) {
        if (!(Nd4j.getExecutioner() instanceof PoolingExecutioner)) {
            throw new IllegalStateException("Op " + opName + " needs the executioner of dl4j-pooling, but ND4J uses "
                    + Nd4j.getExecutioner().getClass().getName()
                    + ". Use the back-end nd4j-native or nd4j-cuda and do not replace the executioner.");
        }
    }

    /** Made only where its back-end is there: the other one's classes may be missing. */
    private static OpExecutioner replacementFor(String executioner) {
        switch (executioner) {
            case CPU_EXECUTIONER:
                return new PoolingOpExecutioner();
            case CUDA_EXECUTIONER:
                return new PoolingCudaExecutioner();
            default:
                return null;
        }
    }

    private static void replaceExecutioner(OpExecutioner replacement) {
        try {
            Field field = Nd4j.class.getDeclaredField("OP_EXECUTIONER_INSTANCE");
            field.setAccessible(true);
            field.set(null, replacement);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "This is not ND4J 1.0.0-M2.1: the class Nd4j has no field OP_EXECUTIONER_INSTANCE", e);
        }
    }
}

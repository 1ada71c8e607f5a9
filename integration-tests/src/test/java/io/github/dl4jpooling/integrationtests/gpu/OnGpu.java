// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.gpu;

import io.github.dl4jpooling.kernel.ComputeDevice;
import io.github.dl4jpooling.kernel.ComputeDevices;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Runs a test class with operators on the first GPU, which may be the stub's. It is skipped where there is none. */
@Tag("gpu")
@ExtendWith(OnGpu.Device.class)
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
public @interface OnGpu {

    /** Asks for the GPU, and takes back the request. */
    final class Device implements ExecutionCondition, BeforeAllCallback, AfterAllCallback {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            boolean found = ComputeDevices.found().stream().anyMatch(device -> device.name().startsWith("cuda:"));
            return found
                    ? ConditionEvaluationResult.enabled("there is a GPU")
                    : ConditionEvaluationResult.disabled("needs a GPU: " + ComputeDevices.found().stream()
                            .map(ComputeDevice::reason)
                            .collect(Collectors.joining("; ")));
        }

        @Override
        public void beforeAll(ExtensionContext context) {
            ComputeDevices.use("cuda");
            if (!ComputeDevices.inUse().startsWith("cuda:")) {
                throw new IllegalStateException("The GPU that was found cannot be used: " + ComputeDevices.found());
            }
        }

        @Override
        public void afterAll(ExtensionContext context) {
            ComputeDevices.use(null);
        }
    }
}

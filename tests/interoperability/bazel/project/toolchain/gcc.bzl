"""The C compiler of whatever machine runs the actions. The client's own may be another one, or none."""

load("@bazel_tools//tools/cpp:cc_toolchain_config_lib.bzl", "tool_path")

TOOLS = ["ar", "cpp", "gcc", "gcov", "ld", "nm", "objdump", "strip"]

def _gcc_toolchain_config(context):
    return cc_common.create_cc_toolchain_config_info(
        ctx = context,
        toolchain_identifier = "gcc",
        host_system_name = "local",
        target_system_name = "local",
        target_cpu = "k8",
        target_libc = "unknown",
        compiler = "gcc",
        abi_version = "unknown",
        abi_libc_version = "unknown",
        # Headers that are no inputs: those of the machine, of whatever version its compiler is.
        cxx_builtin_include_directories = ["/usr/include", "/usr/lib"],
        tool_paths = [tool_path(name = name, path = "/usr/bin/" + name) for name in TOOLS],
    )

gcc_toolchain_config = rule(
    implementation = _gcc_toolchain_config,
    provides = [CcToolchainConfigInfo],
)

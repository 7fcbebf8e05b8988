"""Builds the Rust library and puts it into the wheel, which is tagged py3-none-<platform>; puts its
sources into the sdist.

The package reaches the library through ctypes, so one wheel serves every Python of a platform.
Environment variables, for builds that are not for this machine:

    UNFURNISH_LIBRARY       a library that is already built; cargo is not run
    UNFURNISH_TARGET        the target triple for cargo, such as aarch64-unknown-linux-gnu
    UNFURNISH_PLATFORM_TAG  the platform of the wheel's tag, such as manylinux_2_17_aarch64
    CARGO                   the cargo to run
    CARGO_TARGET_DIR        as for cargo
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import sysconfig
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).resolve().parent
# In an sdist the Rust sources lie beside this file.
UNPACKED = HERE / "rust"
ROOT = UNPACKED if UNPACKED.is_dir() else HERE.parent.parent
LICENSES = ["LICENSE-APACHE", "LICENSE-MIT"]

# The platform tags of targets that are built on another machine.
PLATFORM_TAGS = {
    "x86_64-unknown-linux-gnu": "linux_x86_64",
    "aarch64-unknown-linux-gnu": "linux_aarch64",
    "x86_64-unknown-linux-musl": "musllinux_1_2_x86_64",
    "aarch64-unknown-linux-musl": "musllinux_1_2_aarch64",
    "x86_64-apple-darwin": "macosx_10_12_x86_64",
    "aarch64-apple-darwin": "macosx_11_0_arm64",
    "x86_64-pc-windows-msvc": "win_amd64",
    "aarch64-pc-windows-msvc": "win_arm64",
}


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name == "sdist":
            self.add_sources(build_data["force_include"])
        else:
            self.add_library(version, build_data)

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if self.target_name == "sdist":
            self.temporary.cleanup()

    def add_sources(self, include: dict[str, str]) -> None:
        """What cargo would publish: the sources of the library, and a lock file of its own."""
        self.temporary = TemporaryDirectory()
        for name in LICENSES:  # links to those of the whole tree, where this is in it
            include.pop(str(HERE / name), None)
            include[str((HERE / name).resolve())] = name
        if UNPACKED.is_dir():
            include[str(UNPACKED)] = "rust"
            return
        command = ["package", "--package", "unfurnish", "--locked", "--no-verify", "--allow-dirty"]
        cargo([*command, "--target-dir", self.temporary.name])
        [crate] = Path(self.temporary.name, "package").glob("*.crate")
        with tarfile.open(crate) as archive:
            archive.extractall(self.temporary.name)
        include[str(Path(self.temporary.name, crate.stem))] = "rust"

    def add_library(self, version: str, build_data: dict[str, Any]) -> None:
        target = os.environ.get("UNFURNISH_TARGET")
        prebuilt = os.environ.get("UNFURNISH_LIBRARY")
        library = Path(prebuilt).resolve() if prebuilt else build(target)
        if not library.is_file():
            raise FileNotFoundError(f"UNFURNISH_LIBRARY: there is no file {library}")
        name = "unfurnish.dll" if library.suffix == ".dll" else "libunfurnish" + library.suffix
        build_data["pure_python"] = False
        build_data["tag"] = "py3-none-" + platform_tag(target)
        include = "force_include_editable" if version == "editable" else "force_include"
        build_data[include][str(library)] = f"unfurnish/{name}"


def build(target: str | None) -> Path:
    """Runs cargo and gives the path of the shared library."""
    if not (ROOT / "src" / "capi").is_dir():
        raise FileNotFoundError(
            f"the Rust sources are not in {ROOT}: build from the whole source tree, "
            "or set UNFURNISH_LIBRARY to a library that is already built"
        )
    command = ["rustc", "--release", "--locked", "--lib"]
    command += ["--package", "unfurnish", "--features", "capi", "--crate-type", "cdylib"]
    command += ["--message-format", "json-render-diagnostics"]
    if target:
        command += ["--target", target]
    command += ["--", "-C", "strip=symbols"]
    libraries = []
    for line in cargo(command).splitlines():
        message = json.loads(line)
        if message["reason"] == "compiler-artifact" and message["target"]["name"] == "unfurnish":
            libraries += [Path(file) for file in message["filenames"]]
    shared = [file for file in libraries if file.suffix in (".so", ".dylib", ".dll")]
    if len(shared) != 1:
        raise RuntimeError(f"cargo built {libraries}, not one shared library")
    return shared[0]


def cargo(arguments: list[str]) -> bytes:
    """Runs cargo in the source tree and gives its output."""
    command = [os.environ.get("CARGO", "cargo"), *arguments]
    try:
        return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout
    except FileNotFoundError as error:
        raise RuntimeError("cargo is not there: a Rust toolchain builds unfurnish") from error


def platform_tag(target: str | None) -> str:
    """The last part of the wheel's tag."""
    tag = os.environ.get("UNFURNISH_PLATFORM_TAG")
    if tag:
        return tag
    if target:
        if target not in PLATFORM_TAGS:
            raise RuntimeError(f"set UNFURNISH_PLATFORM_TAG: none is known for {target}")
        return PLATFORM_TAGS[target]
    if sys.platform == "darwin":
        # The interpreter may be universal; the library is for this machine's architecture.
        return "macosx_11_0_arm64" if platform.machine() == "arm64" else "macosx_10_12_x86_64"
    return sysconfig.get_platform().replace("-", "_").replace(".", "_")

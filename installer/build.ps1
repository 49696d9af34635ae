# Builds the Windows program and its installer in one go: powershell -ExecutionPolicy Bypass -File installer\build.ps1
# Needs Python 3.11 or 3.12, and NSIS (makensis) for the installer.
$ErrorActionPreference = "Stop"
Set-Location (Join-Path $PSScriptRoot "..")
if (-not (Test-Path ".venv\Scripts\python.exe")) { python dev.py check }
& ".venv\Scripts\python.exe" installer\build.py @args
exit $LASTEXITCODE

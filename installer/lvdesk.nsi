; Per-user installer without administrator rights. makensis -DVERSION=1.0.0 -DDIST=folder -DOUT=file lvdesk.nsi
; Workspaces and settings lie in %LOCALAPPDATA%\LVDesk and are never touched; installing over an older version replaces the program only.
Unicode true
!include "MUI2.nsh"

!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\LVDesk"
Name "营配网格工作台"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\LVDesk"
InstallDirRegKey HKCU "Software\LVDesk" "InstallDir"
RequestExecutionLevel user
SetCompressor /SOLID lzma
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "营配网格工作台"
VIAddVersionKey "FileDescription" "营配网格工作台 安装程序"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "LegalCopyright" "LVDesk"

!define MUI_ABORTWARNING
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_RUN "$INSTDIR\LVDesk.exe"
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "SimpChinese"

!macro NotRunning
  IfFileExists "$INSTDIR\LVDesk.exe" 0 +6
  ClearErrors
  FileOpen $0 "$INSTDIR\LVDesk.exe" a
  IfErrors 0 +3
    MessageBox MB_OK|MB_ICONEXCLAMATION "营配网格工作台正在运行。请先关闭程序，再重新开始。"
    Abort
  FileClose $0
!macroend

Section "程序"
  !insertmacro NotRunning
  RMDir /r "$INSTDIR\_internal"
  SetOutPath "$INSTDIR"
  File /r "${DIST}/*.*"
  CreateShortcut "$SMPROGRAMS\营配网格工作台.lnk" "$INSTDIR\LVDesk.exe"
  CreateShortcut "$DESKTOP\营配网格工作台.lnk" "$INSTDIR\LVDesk.exe"
  WriteUninstaller "$INSTDIR\卸载.exe"
  WriteRegStr HKCU "Software\LVDesk" "InstallDir" "$INSTDIR"
  WriteRegStr HKCU "${KEY}" "DisplayName" "营配网格工作台"
  WriteRegStr HKCU "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${KEY}" "DisplayIcon" "$INSTDIR\LVDesk.exe"
  WriteRegStr HKCU "${KEY}" "UninstallString" '"$INSTDIR\卸载.exe"'
  WriteRegDWORD HKCU "${KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${KEY}" "NoRepair" 1
SectionEnd

Section "Uninstall"
  !insertmacro NotRunning
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\LVDesk.exe"
  Delete "$INSTDIR\lvdesk-cli.exe"
  Delete "$INSTDIR\卸载.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\营配网格工作台.lnk"
  Delete "$DESKTOP\营配网格工作台.lnk"
  DeleteRegKey HKCU "${KEY}"
  DeleteRegKey HKCU "Software\LVDesk"
SectionEnd

; The set-up for Windows: for one user, without an administrator; made by `build.py --setup` from the built folder.
;   kcdesk-VERSION-setup.exe [/S] [/D=FOLDER]       exit codes: 0 done, 2 stopped, 3 kcdesk runs, 4 a newer one is here,
;                                                   5 the folder holds a store or files of something else
; The texts are Vietnamese; what an officer has typed is never touched, neither here nor when the program is removed.

Unicode true
!ifdef STUB
  Target ${STUB}
!endif
!include MUI2.nsh
!include LogicLib.nsh
!include FileFunc.nsh
!include WordFunc.nsh

!define ENTRY "Software\Microsoft\Windows\CurrentVersion\Uninstall\kcdesk"
!define RUNNING "kcdesk-dang-chay" ; the mutex of kcdesk/__main__.py
!define CLASSES "Software\Classes"

Name "kcdesk"
OutFile "${TO}"
InstallDir "$LOCALAPPDATA\Programs\kcdesk"
InstallDirRegKey HKCU "${ENTRY}" "InstallLocation"
RequestExecutionLevel user
SetCompressor /SOLID lzma
ManifestDPIAware true
BrandingText "kcdesk ${VERSION}"
VIProductVersion "${VERSION}.0"
VIAddVersionKey /LANG=1066 "ProductName" "kcdesk"
VIAddVersionKey /LANG=1066 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=1066 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=1066 "FileDescription" "Bộ cài kcdesk – hồ sơ khuyến công"
VIAddVersionKey /LANG=1066 "LegalCopyright" "Apache-2.0"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_WELCOMEPAGE_TITLE "Cài đặt kcdesk ${VERSION}"
!define MUI_WELCOMEPAGE_TEXT "Chương trình được cài cho riêng tài khoản này, không cần quyền quản trị, vào thư mục:$\r$\n$\r$\n$INSTDIR$\r$\n$\r$\nHồ sơ, cài đặt và bản sao lưu đang có được giữ nguyên. Hãy đóng kcdesk nếu đang mở, rồi bấm «Cài đặt»."
!define MUI_FINISHPAGE_RUN "$INSTDIR\kcdesk.exe"
!define MUI_FINISHPAGE_RUN_TEXT "Mở kcdesk"
!define MUI_FINISHPAGE_TITLE "Đã cài kcdesk ${VERSION}"
!define MUI_FINISHPAGE_TEXT "Mở chương trình từ menu Start: kcdesk."
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!define MUI_UNCONFIRMPAGE_TEXT_TOP "Chỉ chương trình bị gỡ. Hồ sơ, bản sao lưu và cài đặt ở lại trong $LOCALAPPDATA\kcdesk (và thư mục kcdesk-data cạnh chương trình, nếu có)."
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "Vietnamese"

!macro Refuse CODE TEXT
  IfSilent +2
  MessageBox MB_OK|MB_ICONEXCLAMATION "${TEXT}"
  SetErrorLevel ${CODE}
  Quit
!macroend

; A program that runs holds the mutex; one that an older version has started holds its own file.
!macro RefuseWhileRunning
  System::Call 'kernel32::OpenMutexW(i 0x100000, i 0, w "${RUNNING}") p .r0'
  ${If} $0 P<> 0
    System::Call 'kernel32::CloseHandle(p r0)'
    !insertmacro Refuse 3 "kcdesk đang mở. Hãy đóng mọi cửa sổ kcdesk rồi chạy lại; chưa có gì bị thay đổi."
  ${EndIf}
  ${For} $R0 1 2
    ${If} $R0 == 1
      StrCpy $R1 "$INSTDIR\kcdesk.exe"
    ${Else}
      StrCpy $R1 "$INSTDIR\kcdesk-cli.exe"
    ${EndIf}
    ${If} ${FileExists} $R1
      ClearErrors
      FileOpen $0 $R1 a
      ${If} ${Errors}
        !insertmacro Refuse 3 "kcdesk đang mở. Hãy đóng mọi cửa sổ kcdesk rồi chạy lại; chưa có gì bị thay đổi."
      ${EndIf}
      FileClose $0
    ${EndIf}
  ${Next}
!macroend

; Removes the folders of versions, which have modules.pyz, except $R9, and what an update left that was interrupted;
; whatever else lies there stays.
!macro RemoveVersions
  RMDir /r "$INSTDIR\kcdesk-update.part"
  FindFirst $R0 $R1 "$INSTDIR\kcdesk-*"
  ${DoWhile} $R1 != ""
    ${If} $R1 != $R9
    ${AndIf} ${FileExists} "$INSTDIR\$R1\modules.pyz"
    ${AndIfNot} ${FileExists} "$INSTDIR\$R1\kcdesk.db"
      RMDir /r "$INSTDIR\$R1"
    ${EndIf}
    FindNext $R0 $R1
  ${Loop}
  FindClose $R0
!macroend

Function .onInit
  SetShellVarContext current
  ${If} ${FileExists} "$INSTDIR\kcdesk.db"
  ${OrIf} ${FileExists} "$INSTDIR\lock"
    !insertmacro Refuse 5 "Thư mục $INSTDIR chứa kho hồ sơ; chương trình không cài vào đó. Hãy chọn thư mục khác."
  ${EndIf}
  ${If} ${FileExists} "$INSTDIR\*.*"
  ${AndIfNot} ${FileExists} "$INSTDIR\kcdesk.exe"
    FindFirst $0 $1 "$INSTDIR\*.*"
    ${DoWhile} $1 != ""
      ${If} $1 != "."
      ${AndIf} $1 != ".."
      ${AndIf} $1 != "kcdesk-data"
        !insertmacro Refuse 5 "Thư mục $INSTDIR có tệp của chương trình khác. Hãy chọn thư mục khác."
      ${EndIf}
      FindNext $0 $1
    ${Loop}
    FindClose $0
  ${EndIf}
  ReadRegStr $0 HKCU "${ENTRY}" "DisplayVersion"
  ${If} $0 != ""
  ${AndIf} ${FileExists} "$INSTDIR\kcdesk.exe"
    ${VersionCompare} $0 "${VERSION}" $1
    ${If} $1 == 1
      !insertmacro Refuse 4 "Máy này đã có kcdesk $0, mới hơn bản ${VERSION}. Bản cũ có thể không đọc được hồ sơ; chưa có gì bị thay đổi."
    ${EndIf}
  ${EndIf}
  !insertmacro RefuseWhileRunning
FunctionEnd

Section "kcdesk"
  ; First the new folder, beside the old one; then the two small programs, which name their folder.
  SetOutPath "$INSTDIR\kcdesk-${VERSION}"
  RMDir /r "$INSTDIR\kcdesk-${VERSION}"
  SetOutPath "$INSTDIR\kcdesk-${VERSION}"
  File /r "${FOLDER}/kcdesk-${VERSION}/*.*"
  SetOutPath "$INSTDIR"
  File "${FOLDER}/kcdesk-cli.exe"
  File "${FOLDER}/kcdesk.exe"
  StrCpy $R9 "kcdesk-${VERSION}"
  !insertmacro RemoveVersions
  WriteUninstaller "$INSTDIR\go-cai-dat.exe"
  CreateShortcut "$SMPROGRAMS\kcdesk.lnk" "$INSTDIR\kcdesk.exe" "" "$INSTDIR\kcdesk.exe" 0 SW_SHOWNORMAL "" "Hồ sơ khuyến công"

  WriteRegStr HKCU "${ENTRY}" "DisplayName" "kcdesk"
  WriteRegStr HKCU "${ENTRY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${ENTRY}" "DisplayIcon" "$INSTDIR\kcdesk.exe"
  WriteRegStr HKCU "${ENTRY}" "Publisher" "kcdesk"
  WriteRegStr HKCU "${ENTRY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${ENTRY}" "UninstallString" '"$INSTDIR\go-cai-dat.exe"'
  WriteRegStr HKCU "${ENTRY}" "QuietUninstallString" '"$INSTDIR\go-cai-dat.exe" /S'
  WriteRegDWORD HKCU "${ENTRY}" "EstimatedSize" ${KILOBYTES}
  WriteRegDWORD HKCU "${ENTRY}" "NoModify" 1
  WriteRegDWORD HKCU "${ENTRY}" "NoRepair" 1

  ; Packages are workbooks: Excel stays their program, kcdesk stands in «Mở bằng». Updates are kcdesk's own.
  WriteRegStr HKCU "${CLASSES}\kcdesk.Package" "" "Gói bàn giao kcdesk"
  WriteRegStr HKCU "${CLASSES}\kcdesk.Package\DefaultIcon" "" "$INSTDIR\kcdesk.exe,0"
  WriteRegStr HKCU "${CLASSES}\kcdesk.Package\shell\open\command" "" '"$INSTDIR\kcdesk.exe" "%1"'
  WriteRegStr HKCU "${CLASSES}\.xlsx\OpenWithProgids" "kcdesk.Package" ""
  WriteRegStr HKCU "${CLASSES}\Applications\kcdesk.exe" "FriendlyAppName" "kcdesk"
  WriteRegStr HKCU "${CLASSES}\Applications\kcdesk.exe\SupportedTypes" ".xlsx" ""
  WriteRegStr HKCU "${CLASSES}\Applications\kcdesk.exe\shell\open\command" "" '"$INSTDIR\kcdesk.exe" "%1"'
  WriteRegStr HKCU "${CLASSES}\kcdesk.Update" "" "Bản cập nhật kcdesk"
  WriteRegStr HKCU "${CLASSES}\kcdesk.Update\DefaultIcon" "" "$INSTDIR\kcdesk.exe,0"
  WriteRegStr HKCU "${CLASSES}\kcdesk.Update\shell\open\command" "" '"$INSTDIR\kcdesk.exe" "%1"'
  WriteRegStr HKCU "${CLASSES}\.kcupdate" "" "kcdesk.Update"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd

Function un.onInit
  SetShellVarContext current
  !insertmacro RefuseWhileRunning
FunctionEnd

Section "Uninstall"
  StrCpy $R9 ""
  !insertmacro RemoveVersions
  Delete "$INSTDIR\kcdesk.exe"
  Delete "$INSTDIR\kcdesk-cli.exe"
  Delete "$INSTDIR\go-cai-dat.exe"
  Delete "$SMPROGRAMS\kcdesk.lnk"
  RMDir "$INSTDIR" ; only if nothing of somebody else lies in it
  DeleteRegKey HKCU "${ENTRY}"
  DeleteRegKey HKCU "${CLASSES}\kcdesk.Package"
  DeleteRegKey HKCU "${CLASSES}\kcdesk.Update"
  DeleteRegKey HKCU "${CLASSES}\Applications\kcdesk.exe"
  DeleteRegValue HKCU "${CLASSES}\.xlsx\OpenWithProgids" "kcdesk.Package"
  DeleteRegKey HKCU "${CLASSES}\.kcupdate"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
  IfSilent +2
  MessageBox MB_OK|MB_ICONINFORMATION "Đã gỡ chương trình. Hồ sơ, bản sao lưu và cài đặt ở lại trong:$\r$\n$LOCALAPPDATA\kcdesk$\r$\n$\r$\nMuốn bỏ hẳn, hãy sao lưu ra thẻ nhớ rồi tự xoá thư mục ấy."
SectionEnd

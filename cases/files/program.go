package files

import (
	"path"
	"strings"

	"github.com/gabriel-vasile/mimetype"
)

// programs are media types of what runs, by what a content begins as.
var programs = map[string]bool{
	"application/vnd.microsoft.portable-executable": true, "application/x-elf": true, "application/x-object": true,
	"application/x-executable": true, "application/x-sharedlib": true, "application/x-mach-binary": true, "application/x-java-applet": true,
	"application/x-ms-installer": true, "application/x-ms-shortcut": true, "application/vnd.android.package-archive": true,
	"application/java-archive": true, "application/x-chrome-extension": true, "application/vnd.ms-htmlhelp": true, "application/wasm": true,
	"application/x-shockwave-flash": true, "text/javascript": true, "text/x-php": true, "text/x-python": true, "text/x-perl": true,
	"text/x-ruby": true, "text/x-lua": true, "text/x-tcl": true, "text/x-shellscript": true,
}

// programExtensions are those by which an operating system or an office program takes a file for a program.
var programExtensions = strings.Fields(`.exe .com .scr .pif .cpl .dll .sys .drv .ocx .msi .msix .msp .mst .appx .bat .cmd .ps1 .psm1 .vb .vbe
	.vbs .js .jse .mjs .ws .wsf .wsh .wsc .sct .hta .lnk .url .reg .inf .scf .chm .hlp .jar .apk .app .dmg .pkg .deb .rpm .iso .img .vhd
	.sh .bash .command .py .pyc .pl .rb .php .php3 .phtml .phar .cgi .asp .aspx .jsp .class .wasm .swf .gadget .application .xll .xlam
	.docm .dotm .xlsm .xltm .xlsb .pptm .potm .ppsm .ppam .sldm .one .iqy .slk`)

// isProgram says whether a part of a mail is a program, by how it begins and by the name under which it would be saved.
func isProgram(head []byte, name string) bool {
	if extension := strings.ToLower(path.Ext(strings.TrimRight(name, ". "))); extension != "" {
		for _, other := range programExtensions {
			if extension == other {
				return true
			}
		}
	}
	return len(head) > 0 && programs[bare(mimetype.Detect(head).String())]
}

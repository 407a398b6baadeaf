<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="vi_VN" sourcelanguage="en">
<context>
  <name>CloseButton</name>
  <message><source>Close Tab</source><translation>Đóng thẻ</translation></message>
</context>
<context>
  <name>MAC_APPLICATION_MENU</name>
  <message><source>About %1</source><translation>Giới thiệu %1</translation></message>
  <message><source>Hide %1</source><translation>Ẩn %1</translation></message>
  <message><source>Hide Others</source><translation>Ẩn các chương trình khác</translation></message>
  <message><source>Preferences...</source><translation>Cài đặt…</translation></message>
  <message><source>Quit %1</source><translation>Đóng %1</translation></message>
  <message><source>Services</source><translation>Dịch vụ</translation></message>
  <message><source>Show All</source><translation>Hiện tất cả</translation></message>
</context>
<context>
  <name>Print Device Input Slot</name>
  <message><source>Automatic</source><translation>Tự động</translation></message>
</context>
<context>
  <name>Print Device Output Bin</name>
  <message><source>Automatic</source><translation>Tự động</translation></message>
</context>
<context>
  <name>QAbstractFileIconProvider</name>
  <message><source>Alias</source><translation>Bí danh</translation></message>
  <message><source>Drive</source><translation>Ổ đĩa</translation></message>
  <message><source>File</source><translation>Tệp</translation></message>
  <message><source>File Folder</source><translation>Thư mục</translation></message>
  <message><source>Folder</source><translation>Thư mục</translation></message>
  <message><source>Shortcut</source><translation>Lối tắt</translation></message>
  <message><source>Unknown</source><translation>Không rõ</translation></message>
</context>
<context>
  <name>QAbstractSpinBox</name>
  <message><source>&amp;Select All</source><translation>&amp;Chọn tất cả</translation></message>
  <message><source>&amp;Step up</source><translation>&amp;Tăng</translation></message>
  <message><source>Step &amp;down</source><translation>&amp;Giảm</translation></message>
</context>
<context>
  <name>QAccessibleActionInterface</name>
  <message><source>Decrease</source><translation>Giảm</translation></message>
  <message><source>Decrease the value</source><translation>Giảm giá trị</translation></message>
  <message><source>Goes back a page</source><translation>Về trang trước</translation></message>
  <message><source>Goes to the next page</source><translation>Sang trang sau</translation></message>
  <message><source>Increase</source><translation>Tăng</translation></message>
  <message><source>Increase the value</source><translation>Tăng giá trị</translation></message>
  <message><source>Next Page</source><translation>Trang sau</translation></message>
  <message><source>Press</source><translation>Bấm</translation></message>
  <message><source>Previous Page</source><translation>Trang trước</translation></message>
  <message><source>Scroll Down</source><translation>Cuộn xuống</translation></message>
  <message><source>Scroll Left</source><translation>Cuộn sang trái</translation></message>
  <message><source>Scroll Right</source><translation>Cuộn sang phải</translation></message>
  <message><source>Scroll Up</source><translation>Cuộn lên</translation></message>
  <message><source>Scrolls down</source><translation>Cuộn xuống</translation></message>
  <message><source>Scrolls to the left</source><translation>Cuộn sang trái</translation></message>
  <message><source>Scrolls to the right</source><translation>Cuộn sang phải</translation></message>
  <message><source>Scrolls up</source><translation>Cuộn lên</translation></message>
  <message><source>SetFocus</source><translation>Đưa bàn phím tới</translation></message>
  <message><source>Sets the focus</source><translation>Đưa bàn phím tới</translation></message>
  <message><source>ShowMenu</source><translation>Mở menu</translation></message>
  <message><source>Shows the menu</source><translation>Mở menu</translation></message>
  <message><source>Toggle</source><translation>Đổi trạng thái</translation></message>
  <message><source>Toggles the state</source><translation>Đổi trạng thái</translation></message>
  <message><source>Triggers the action</source><translation>Thực hiện</translation></message>
</context>
<context>
  <name>QAccessibleColorWellItem</name>
  <message><source>RGB %1, %2, %3</source><translation>Đỏ %1, lục %2, lam %3</translation></message>
</context>
<context>
  <name>QCocoaMenuBar</name>
  <message><source>Edit</source><translation>Sửa</translation></message>
</context>
<context>
  <name>QCocoaMenuItem</name>
  <message><source>About</source><translation>Giới thiệu</translation></message>
  <message><source>About Qt</source><translation>Giới thiệu Qt</translation></message>
  <message><source>Config</source><translation>Cấu hình</translation></message>
  <message><source>Copy</source><translation>Chép</translation></message>
  <message><source>Cut</source><translation>Cắt</translation></message>
  <message><source>Exit</source><translation>Thoát</translation></message>
  <message><source>Options</source><translation>Tuỳ chọn</translation></message>
  <message><source>Paste</source><translation>Dán</translation></message>
  <message><source>Preference</source><translation>Cài đặt</translation></message>
  <message><source>Quit</source><translation>Đóng chương trình</translation></message>
  <message><source>Select All</source><translation>Chọn tất cả</translation></message>
  <message><source>Setting</source><translation>Cài đặt</translation></message>
  <message><source>Setup</source><translation>Thiết lập</translation></message>
</context>
<context>
  <name>QCocoaTheme</name>
  <message><source>Don't Save</source><translation>Không lưu</translation></message>
</context>
<context>
  <name>QColorDialog</name>
  <message><source>&amp;Add to Custom Colors</source><translation>&amp;Thêm vào các màu tự chọn</translation></message>
  <message><source>&amp;Basic colors</source><translation>Màu &amp;cơ bản</translation></message>
  <message><source>&amp;Custom colors</source><translation>Màu &amp;tự chọn</translation></message>
  <message><source>&amp;Green:</source><translation>&amp;Lục:</translation></message>
  <message><source>&amp;HTML:</source><translation>&amp;Mã màu:</translation></message>
  <message><source>&amp;Pick Screen Color</source><translation>&amp;Lấy màu trên màn hình</translation></message>
  <message><source>&amp;Red:</source><translation>Đỏ:</translation></message>
  <message><source>&amp;Sat:</source><translation>Độ đậm:</translation></message>
  <message><source>&amp;Val:</source><translation>Độ sáng:</translation></message>
  <message><source>A&amp;lpha channel:</source><translation>Độ đục:</translation></message>
  <message><source>Bl&amp;ue:</source><translation>L&amp;am:</translation></message>
  <message><source>Cursor at %1, %2
Press ESC to cancel</source><translation>Con trỏ ở %1, %2
Esc để thôi</translation></message>
  <message><source>Hu&amp;e:</source><translation>Sắc độ:</translation></message>
  <message><source>Select Color</source><translation>Chọn màu</translation></message>
</context>
<context>
  <name>QComboBox</name>
  <message><source>False</source><translation>Sai</translation></message>
  <message><source>Open the combo box selection popup</source><translation>Mở danh sách chọn</translation></message>
  <message><source>True</source><translation>Đúng</translation></message>
</context>
<context>
  <name>QCupsJobWidget</name>
  <message><source>&amp;Billing information:</source><translation>&amp;Mã tính tiền:</translation></message>
  <message><source>&amp;End:</source><translation>&amp;Cuối:</translation></message>
  <message><source>&amp;Start:</source><translation>&amp;Đầu:</translation></message>
  <message><source>Banner Pages</source><translation>Trang bìa của máy in</translation></message>
  <message><source>Billing information:</source><translation>Mã tính tiền:</translation></message>
  <message><source>Classified</source><translation>Hạn chế</translation></message>
  <message><source>Confidential</source><translation>Mật</translation></message>
  <message><source>Day (06:00 to 17:59)</source><translation>Ban ngày (06:00 đến 17:59)</translation></message>
  <message><source>End:</source><translation>Cuối:</translation></message>
  <message><source>Hold Indefinitely</source><translation>Giữ lại chưa in</translation></message>
  <message><source>Job</source><translation>Lượt in</translation></message>
  <message><source>Job &amp;priority:</source><translation>Độ ưu &amp;tiên:</translation></message>
  <message><source>Job Control</source><translation>Điều khiển lượt in</translation></message>
  <message><source>Job priority:</source><translation>Độ ưu tiên:</translation></message>
  <message><source>Night (18:00 to 05:59)</source><translation>Ban đêm (18:00 đến 05:59)</translation></message>
  <message><source>None</source><translation>Không</translation></message>
  <message><source>Print Immediately</source><translation>In ngay</translation></message>
  <message><source>Scheduled &amp;printing:</source><translation>&amp;Giờ in:</translation></message>
  <message><source>Scheduled printing:</source><translation>Giờ in:</translation></message>
  <message><source>Second Shift (16:00 to 23:59)</source><translation>Ca hai (16:00 đến 23:59)</translation></message>
  <message><source>Secret</source><translation>Tối mật</translation></message>
  <message><source>Specific Time</source><translation>Giờ định trước</translation></message>
  <message><source>Standard</source><translation>Thường</translation></message>
  <message><source>Start:</source><translation>Đầu:</translation></message>
  <message><source>Third Shift (00:00 to 07:59)</source><translation>Ca ba (00:00 đến 07:59)</translation></message>
  <message><source>Top Secret</source><translation>Tuyệt mật</translation></message>
  <message><source>Unclassified</source><translation>Không mật</translation></message>
  <message><source>Weekend (Saturday to Sunday)</source><translation>Cuối tuần (thứ Bảy đến Chủ nhật)</translation></message>
</context>
<context>
  <name>QCupsPrinterSupport</name>
  <message><source>Authentication Needed</source><translation>Cần đăng nhập</translation></message>
  <message><source>Authentication needed to use %1 on %2.</source><translation>Cần đăng nhập để dùng %1 trên %2.</translation></message>
  <message><source>Authentication needed to use %1.</source><translation>Cần đăng nhập để dùng %1.</translation></message>
  <message><source>Password:</source><translation>Mật khẩu:</translation></message>
  <message><source>Username:</source><translation>Tên đăng nhập:</translation></message>
</context>
<context>
  <name>QDBusTrayIcon</name>
  <message><source>OK</source><translation>Đồng ý</translation></message>
</context>
<context>
  <name>QDialog</name>
  <message><source>What's This?</source><translation>Đây là gì?</translation></message>
</context>
<context>
  <name>QDialogButtonBox</name>
  <message><source>OK</source><translation>Đồng ý</translation></message>
</context>
<context>
  <name>QDockWidget</name>
  <message><source>Close</source><translation>Đóng</translation></message>
  <message><source>Closes the dock widget</source><translation>Đóng bảng bên</translation></message>
  <message><source>Float</source><translation>Tách rời</translation></message>
  <message><source>Undocks and re-attaches the dock widget</source><translation>Tách và gắn lại bảng bên</translation></message>
</context>
<context>
  <name>QErrorMessage</name>
  <message><source>&amp;OK</source><translation>Đồng ý</translation></message>
  <message><source>&amp;Show this message again</source><translation>&amp;Lần sau vẫn báo</translation></message>
  <message><source>An error occurred</source><translation>Có lỗi</translation></message>
  <message><source>Critical Error:</source><translation>Lỗi nặng:</translation></message>
  <message><source>Debug Message:</source><translation>Ghi chú:</translation></message>
  <message><source>Fatal Error:</source><translation>Lỗi không chữa được:</translation></message>
  <message><source>Information:</source><translation>Thông báo:</translation></message>
  <message><source>Warning:</source><translation>Cảnh báo:</translation></message>
</context>
<context>
  <name>QFileDialog</name>
  <message><source>%1
Directory not found.
Please verify the correct directory name was given.</source><translation>%1
Không có thư mục này.
Hãy xem lại tên thư mục.</translation></message>
  <message><source>%1
File not found.
Please verify the correct file name was given.</source><translation>%1
Không có tệp này.
Hãy xem lại tên tệp.</translation></message>
  <message><source>%1 File</source><translation>Tệp %1</translation></message>
  <message><source>%1 already exists.
Do you want to replace it?</source><translation>%1 đã có.
Ghi đè lên tệp đó?</translation></message>
  <message><source>&amp;Choose</source><translation>&amp;Chọn</translation></message>
  <message><source>&amp;Delete</source><translation>&amp;Xoá</translation></message>
  <message><source>&amp;Look in:</source><translation>&amp;Nơi tìm:</translation></message>
  <message><source>&amp;New Folder</source><translation>&amp;Thư mục mới</translation></message>
  <message><source>&amp;Open</source><translation>&amp;Mở</translation></message>
  <message><source>&amp;Rename</source><translation>Đổ&amp;i tên</translation></message>
  <message><source>&amp;Save</source><translation>&amp;Lưu</translation></message>
  <message><source>'%1' is write protected.
Do you want to delete it anyway?</source><translation>«%1» được bảo vệ, không cho ghi.
Vẫn xoá?</translation></message>
  <message><source>Alias</source><translation>Bí danh</translation></message>
  <message><source>All Files (*)</source><translation>Mọi tệp (*)</translation></message>
  <message><source>All files (*)</source><translation>Mọi tệp (*)</translation></message>
  <message><source>Alt+Left</source><translation>Alt+Left</translation></message>
  <message><source>Alt+Right</source><translation>Alt+Right</translation></message>
  <message><source>Alt+Up</source><translation>Alt+Up</translation></message>
  <message><source>Are you sure you want to delete '%1'?</source><translation>Xoá «%1»?</translation></message>
  <message><source>Back</source><translation>Trở lại</translation></message>
  <message><source>Change to detail view mode</source><translation>Xem chi tiết</translation></message>
  <message><source>Change to list view mode</source><translation>Xem danh sách</translation></message>
  <message><source>Could not delete directory.</source><translation>Không xoá được thư mục.</translation></message>
  <message><source>Create New Folder</source><translation>Tạo thư mục mới</translation></message>
  <message><source>Create a New Folder</source><translation>Tạo thư mục mới</translation></message>
  <message><source>Delete</source><translation>Xoá</translation></message>
  <message><source>Detail View</source><translation>Xem chi tiết</translation></message>
  <message><source>Directories</source><translation>Thư mục</translation></message>
  <message><source>Directory:</source><translation>Thư mục:</translation></message>
  <message><source>Drive</source><translation>Ổ đĩa</translation></message>
  <message><source>File</source><translation>Tệp</translation></message>
  <message><source>File &amp;name:</source><translation>&amp;Tên tệp:</translation></message>
  <message><source>File Folder</source><translation>Thư mục</translation></message>
  <message><source>Files</source><translation>Tệp</translation></message>
  <message><source>Files of &amp;type:</source><translation>&amp;Loại tệp:</translation></message>
  <message><source>Files of type:</source><translation>Loại tệp:</translation></message>
  <message><source>Find Directory</source><translation>Tìm thư mục</translation></message>
  <message><source>Folder</source><translation>Thư mục</translation></message>
  <message><source>Forward</source><translation>Tiến</translation></message>
  <message><source>Go back</source><translation>Trở lại</translation></message>
  <message><source>Go forward</source><translation>Tiến</translation></message>
  <message><source>Go to the parent directory</source><translation>Lên thư mục trên</translation></message>
  <message><source>List View</source><translation>Xem danh sách</translation></message>
  <message><source>List of places and bookmarks</source><translation>Các nơi hay dùng</translation></message>
  <message><source>Look in:</source><translation>Nơi tìm:</translation></message>
  <message><source>My Computer</source><translation>Máy tính này</translation></message>
  <message><source>New Folder</source><translation>Thư mục mới</translation></message>
  <message><source>Open</source><translation>Mở</translation></message>
  <message><source>Parent Directory</source><translation>Thư mục trên</translation></message>
  <message><source>Recent Places</source><translation>Nơi vừa mở</translation></message>
  <message><source>Remove</source><translation>Bỏ</translation></message>
  <message><source>Save As</source><translation>Lưu thành</translation></message>
  <message><source>Shortcut</source><translation>Lối tắt</translation></message>
  <message><source>Show </source><translation>Hiện </translation></message>
  <message><source>Show &amp;hidden files</source><translation>Hiện tệp ẩ&amp;n</translation></message>
  <message><source>Sidebar</source><translation>Các nơi</translation></message>
  <message><source>Unknown</source><translation>Không rõ</translation></message>
</context>
<context>
  <name>QFileSystemModel</name>
  <message><source>&lt;b&gt;The name "%1" cannot be used.&lt;/b&gt;&lt;p&gt;Try using another name, with fewer characters or no punctuation marks.</source><translation>&lt;b&gt;Không dùng được tên «%1».&lt;/b&gt;&lt;p&gt;Hãy đặt tên khác, ngắn hơn hoặc không có dấu câu.</translation></message>
  <message><source>Computer</source><translation>Máy tính</translation></message>
  <message><source>Date Modified</source><translation>Ngày sửa</translation></message>
  <message><source>Invalid filename</source><translation>Tên tệp không hợp lệ</translation></message>
  <message><source>Kind</source><translation>Loại</translation></message>
  <message><source>My Computer</source><translation>Máy tính này</translation></message>
  <message><source>Name</source><translation>Tên</translation></message>
  <message><source>Size</source><translation>Cỡ</translation></message>
  <message><source>Type</source><translation>Loại</translation></message>
</context>
<context>
  <name>QFontDialog</name>
  <message><source>&amp;Font</source><translation>&amp;Phông chữ</translation></message>
  <message><source>&amp;Size</source><translation>&amp;Cỡ</translation></message>
  <message><source>&amp;Underline</source><translation>&amp;Gạch chân</translation></message>
  <message><source>Effects</source><translation>Hiệu ứng</translation></message>
  <message><source>Font st&amp;yle</source><translation>&amp;Kiểu chữ</translation></message>
  <message><source>Sample</source><translation>Mẫu</translation></message>
  <message><source>Select Font</source><translation>Chọn phông chữ</translation></message>
  <message><source>Stri&amp;keout</source><translation>G&amp;ạch ngang</translation></message>
  <message><source>Wr&amp;iting System</source><translation>&amp;Hệ chữ</translation></message>
</context>
<context>
  <name>QGnomeTheme</name>
  <message><source>&amp;Cancel</source><translation>&amp;Thôi</translation></message>
  <message><source>&amp;Close</source><translation>Đón&amp;g</translation></message>
  <message><source>&amp;OK</source><translation>Đồng ý</translation></message>
  <message><source>&amp;Save</source><translation>&amp;Lưu</translation></message>
  <message><source>Close without Saving</source><translation>Đóng, không lưu</translation></message>
</context>
<context>
  <name>QInputDialog</name>
  <message><source>Enter a value:</source><translation>Nhập giá trị:</translation></message>
</context>
<context>
  <name>QKeySequenceEdit</name>
  <message><source>%1, ...</source><translation>%1, …</translation></message>
  <message><source>Press shortcut</source><translation>Bấm tổ hợp phím</translation></message>
</context>
<context>
  <name>QLineEdit</name>
  <message><source>&amp;Copy</source><translation>&amp;Chép</translation></message>
  <message><source>&amp;Paste</source><translation>&amp;Dán</translation></message>
  <message><source>&amp;Redo</source><translation>&amp;Làm lại</translation></message>
  <message><source>&amp;Undo</source><translation>&amp;Hoàn tác</translation></message>
  <message><source>Cu&amp;t</source><translation>Cắ&amp;t</translation></message>
  <message><source>Delete</source><translation>Xoá</translation></message>
  <message><source>Select All</source><translation>Chọn tất cả</translation></message>
</context>
<context>
  <name>QMdiArea</name>
  <message><source>(Untitled)</source><translation>(Chưa có tên)</translation></message>
</context>
<context>
  <name>QMessageBox</name>
  <message><source>&lt;h3&gt;About Qt&lt;/h3&gt;&lt;p&gt;This program uses Qt version %1.&lt;/p&gt;</source><translation>&lt;h3&gt;Giới thiệu Qt&lt;/h3&gt;&lt;p&gt;Chương trình này dùng Qt bản %1.&lt;/p&gt;</translation></message>
  <message><source>About Qt</source><translation>Giới thiệu Qt</translation></message>
  <message><source>Hide Details...</source><translation>Ẩn chi tiết…</translation></message>
  <message><source>Show Details...</source><translation>Hiện chi tiết…</translation></message>
</context>
<context>
  <name>QPageSetupWidget</name>
  <message><source>CC</source><translation>CC</translation></message>
  <message><source>Cicero (CC)</source><translation>Cicero (CC)</translation></message>
  <message><source>Custom</source><translation>Tự chọn</translation></message>
  <message><source>DD</source><translation>DD</translation></message>
  <message><source>Didot (DD)</source><translation>Didot (DD)</translation></message>
  <message><source>Form</source><translation>Biểu mẫu</translation></message>
  <message><source>Height:</source><translation>Cao:</translation></message>
  <message><source>Inches (in)</source><translation>Inch (in)</translation></message>
  <message><source>Landscape</source><translation>Giấy ngang</translation></message>
  <message><source>Margins</source><translation>Lề</translation></message>
  <message><source>Millimeters (mm)</source><translation>Milimét (mm)</translation></message>
  <message><source>Orientation</source><translation>Chiều giấy</translation></message>
  <message><source>Page &amp;order:</source><translation>&amp;Thứ tự trang:</translation></message>
  <message><source>Page Layout</source><translation>Bố cục trang</translation></message>
  <message><source>Page order:</source><translation>Thứ tự trang:</translation></message>
  <message><source>Page size:</source><translation>Khổ giấy:</translation></message>
  <message><source>Pages &amp;per sheet:</source><translation>&amp;Số trang mỗi tờ:</translation></message>
  <message><source>Pages per sheet:</source><translation>Số trang mỗi tờ:</translation></message>
  <message><source>Paper</source><translation>Giấy</translation></message>
  <message><source>Paper source:</source><translation>Khay giấy:</translation></message>
  <message><source>Pica (P̸)</source><translation>Pica (P̸)</translation></message>
  <message><source>Points (pt)</source><translation>Điểm (pt)</translation></message>
  <message><source>Portrait</source><translation>Giấy dọc</translation></message>
  <message><source>P̸</source><translation>P̸</translation></message>
  <message><source>Reverse landscape</source><translation>Ngang, đảo chiều</translation></message>
  <message><source>Reverse portrait</source><translation>Dọc, đảo chiều</translation></message>
  <message><source>Width:</source><translation>Rộng:</translation></message>
  <message><source>bottom margin</source><translation>lề dưới</translation></message>
  <message><source>in</source><translation>in</translation></message>
  <message><source>left margin</source><translation>lề trái</translation></message>
  <message><source>mm</source><translation>mm</translation></message>
  <message><source>pt</source><translation>pt</translation></message>
  <message><source>right margin</source><translation>lề phải</translation></message>
  <message><source>top margin</source><translation>lề trên</translation></message>
</context>
<context>
  <name>QPageSize</name>
  <message><source>%1 x %2 in</source><translation>%1 × %2 in</translation></message>
  <message><source>A0</source><translation>A0</translation></message>
  <message><source>A1</source><translation>A1</translation></message>
  <message><source>A10</source><translation>A10</translation></message>
  <message><source>A2</source><translation>A2</translation></message>
  <message><source>A3</source><translation>A3</translation></message>
  <message><source>A3 Extra</source><translation>A3 Extra</translation></message>
  <message><source>A4</source><translation>A4</translation></message>
  <message><source>A4 Extra</source><translation>A4 Extra</translation></message>
  <message><source>A4 Plus</source><translation>A4 Plus</translation></message>
  <message><source>A4 Small</source><translation>A4 nhỏ</translation></message>
  <message><source>A5</source><translation>A5</translation></message>
  <message><source>A5 Extra</source><translation>A5 Extra</translation></message>
  <message><source>A6</source><translation>A6</translation></message>
  <message><source>A7</source><translation>A7</translation></message>
  <message><source>A8</source><translation>A8</translation></message>
  <message><source>A9</source><translation>A9</translation></message>
  <message><source>ANSI C</source><translation>ANSI C</translation></message>
  <message><source>ANSI D</source><translation>ANSI D</translation></message>
  <message><source>ANSI E</source><translation>ANSI E</translation></message>
  <message><source>Architect A</source><translation>Architect A</translation></message>
  <message><source>Architect B</source><translation>Architect B</translation></message>
  <message><source>Architect C</source><translation>Architect C</translation></message>
  <message><source>Architect D</source><translation>Architect D</translation></message>
  <message><source>Architect E</source><translation>Architect E</translation></message>
  <message><source>B0</source><translation>B0</translation></message>
  <message><source>B1</source><translation>B1</translation></message>
  <message><source>B10</source><translation>B10</translation></message>
  <message><source>B2</source><translation>B2</translation></message>
  <message><source>B3</source><translation>B3</translation></message>
  <message><source>B4</source><translation>B4</translation></message>
  <message><source>B5</source><translation>B5</translation></message>
  <message><source>B5 Extra</source><translation>B5 Extra</translation></message>
  <message><source>B6</source><translation>B6</translation></message>
  <message><source>B7</source><translation>B7</translation></message>
  <message><source>B8</source><translation>B8</translation></message>
  <message><source>B9</source><translation>B9</translation></message>
  <message><source>Custom</source><translation>Tự chọn</translation></message>
  <message><source>Custom (%1CC x %2CC)</source><translation>Tự chọn (%1CC × %2CC)</translation></message>
  <message><source>Custom (%1DD x %2DD)</source><translation>Tự chọn (%1DD × %2DD)</translation></message>
  <message><source>Custom (%1in x %2in)</source><translation>Tự chọn (%1in × %2in)</translation></message>
  <message><source>Custom (%1mm x %2mm)</source><translation>Tự chọn (%1mm × %2mm)</translation></message>
  <message><source>Custom (%1pc x %2pc)</source><translation>Tự chọn (%1pc × %2pc)</translation></message>
  <message><source>Custom (%1pt x %2pt)</source><translation>Tự chọn (%1pt × %2pt)</translation></message>
  <message><source>Double Postcard</source><translation>Bưu thiếp đôi</translation></message>
  <message><source>Envelope B4</source><translation>Phong bì B4</translation></message>
  <message><source>Envelope B5</source><translation>Phong bì B5</translation></message>
  <message><source>Envelope B6</source><translation>Phong bì B6</translation></message>
  <message><source>Envelope C0</source><translation>Phong bì C0</translation></message>
  <message><source>Envelope C1</source><translation>Phong bì C1</translation></message>
  <message><source>Envelope C2</source><translation>Phong bì C2</translation></message>
  <message><source>Envelope C3</source><translation>Phong bì C3</translation></message>
  <message><source>Envelope C4</source><translation>Phong bì C4</translation></message>
  <message><source>Envelope C5</source><translation>Phong bì C5</translation></message>
  <message><source>Envelope C6</source><translation>Phong bì C6</translation></message>
  <message><source>Envelope C65</source><translation>Phong bì C65</translation></message>
  <message><source>Envelope C7</source><translation>Phong bì C7</translation></message>
  <message><source>Envelope Chou 3</source><translation>Phong bì Chou 3</translation></message>
  <message><source>Envelope Chou 4</source><translation>Phong bì Chou 4</translation></message>
  <message><source>Envelope DL</source><translation>Phong bì DL</translation></message>
  <message><source>Envelope Invite</source><translation>Phong bì thiệp mời</translation></message>
  <message><source>Envelope Italian</source><translation>Phong bì Ý</translation></message>
  <message><source>Envelope Kaku 2</source><translation>Phong bì Kaku 2</translation></message>
  <message><source>Envelope Kaku 3</source><translation>Phong bì Kaku 3</translation></message>
  <message><source>Envelope Monarch</source><translation>Phong bì Monarch</translation></message>
  <message><source>Envelope PRC 1</source><translation>Phong bì PRC 1</translation></message>
  <message><source>Envelope PRC 10</source><translation>Phong bì PRC 10</translation></message>
  <message><source>Envelope PRC 2</source><translation>Phong bì PRC 2</translation></message>
  <message><source>Envelope PRC 3</source><translation>Phong bì PRC 3</translation></message>
  <message><source>Envelope PRC 4</source><translation>Phong bì PRC 4</translation></message>
  <message><source>Envelope PRC 5</source><translation>Phong bì PRC 5</translation></message>
  <message><source>Envelope PRC 6</source><translation>Phong bì PRC 6</translation></message>
  <message><source>Envelope PRC 7</source><translation>Phong bì PRC 7</translation></message>
  <message><source>Envelope PRC 8</source><translation>Phong bì PRC 8</translation></message>
  <message><source>Envelope PRC 9</source><translation>Phong bì PRC 9</translation></message>
  <message><source>Envelope Personal</source><translation>Phong bì cá nhân</translation></message>
  <message><source>Envelope US 10</source><translation>Phong bì US 10</translation></message>
  <message><source>Envelope US 11</source><translation>Phong bì US 11</translation></message>
  <message><source>Envelope US 12</source><translation>Phong bì US 12</translation></message>
  <message><source>Envelope US 14</source><translation>Phong bì US 14</translation></message>
  <message><source>Envelope US 9</source><translation>Phong bì US 9</translation></message>
  <message><source>Envelope You 4</source><translation>Phong bì You 4</translation></message>
  <message><source>Executive (7.25 x 10.5 in)</source><translation>Executive (7,25 × 10,5 in)</translation></message>
  <message><source>Executive (7.5 x 10 in)</source><translation>Executive (7,5 × 10 in)</translation></message>
  <message><source>Fan-fold German (8.5 x 12 in)</source><translation>Giấy gấp Đức (8,5 × 12 in)</translation></message>
  <message><source>Fan-fold German Legal (8.5 x 13 in)</source><translation>Giấy gấp Đức Legal (8,5 × 13 in)</translation></message>
  <message><source>Fan-fold US (14.875 x 11 in)</source><translation>Giấy gấp Mỹ (14,875 × 11 in)</translation></message>
  <message><source>Folio (8.27 x 13 in)</source><translation>Folio (8,27 × 13 in)</translation></message>
  <message><source>JIS B0</source><translation>JIS B0</translation></message>
  <message><source>JIS B1</source><translation>JIS B1</translation></message>
  <message><source>JIS B10</source><translation>JIS B10</translation></message>
  <message><source>JIS B2</source><translation>JIS B2</translation></message>
  <message><source>JIS B3</source><translation>JIS B3</translation></message>
  <message><source>JIS B4</source><translation>JIS B4</translation></message>
  <message><source>JIS B5</source><translation>JIS B5</translation></message>
  <message><source>JIS B6</source><translation>JIS B6</translation></message>
  <message><source>JIS B7</source><translation>JIS B7</translation></message>
  <message><source>JIS B8</source><translation>JIS B8</translation></message>
  <message><source>JIS B9</source><translation>JIS B9</translation></message>
  <message><source>Ledger / ANSI B</source><translation>Ledger / ANSI B</translation></message>
  <message><source>Legal</source><translation>Legal</translation></message>
  <message><source>Legal Extra</source><translation>Legal Extra</translation></message>
  <message><source>Letter / ANSI A</source><translation>Letter / ANSI A</translation></message>
  <message><source>Letter Extra</source><translation>Letter Extra</translation></message>
  <message><source>Letter Plus</source><translation>Letter Plus</translation></message>
  <message><source>Letter Small</source><translation>Letter nhỏ</translation></message>
  <message><source>Note</source><translation>Giấy ghi</translation></message>
  <message><source>PRC 16K</source><translation>PRC 16K</translation></message>
  <message><source>PRC 32K</source><translation>PRC 32K</translation></message>
  <message><source>PRC 32K Big</source><translation>PRC 32K lớn</translation></message>
  <message><source>Postcard</source><translation>Bưu thiếp</translation></message>
  <message><source>Quarto</source><translation>Quarto</translation></message>
  <message><source>Statement</source><translation>Statement</translation></message>
  <message><source>Super A</source><translation>Super A</translation></message>
  <message><source>Super B</source><translation>Super B</translation></message>
  <message><source>Tabloid / ANSI B</source><translation>Tabloid / ANSI B</translation></message>
  <message><source>Tabloid Extra</source><translation>Tabloid Extra</translation></message>
</context>
<context>
  <name>QPlatformTheme</name>
  <message><source>&amp;No</source><translation>&amp;Không</translation></message>
  <message><source>&amp;Yes</source><translation>&amp;Có</translation></message>
  <message><source>Abort</source><translation>Dừng</translation></message>
  <message><source>Apply</source><translation>Áp dụng</translation></message>
  <message><source>Cancel</source><translation>Thôi</translation></message>
  <message><source>Close</source><translation>Đóng</translation></message>
  <message><source>Discard</source><translation>Bỏ</translation></message>
  <message><source>Help</source><translation>Trợ giúp</translation></message>
  <message><source>Ignore</source><translation>Bỏ qua</translation></message>
  <message><source>N&amp;o to All</source><translation>K&amp;hông cho tất cả</translation></message>
  <message><source>OK</source><translation>Đồng ý</translation></message>
  <message><source>Open</source><translation>Mở</translation></message>
  <message><source>Reset</source><translation>Đặt lại</translation></message>
  <message><source>Restore Defaults</source><translation>Về mặc định</translation></message>
  <message><source>Retry</source><translation>Thử lại</translation></message>
  <message><source>Save</source><translation>Lưu</translation></message>
  <message><source>Save All</source><translation>Lưu tất cả</translation></message>
  <message><source>Yes to &amp;All</source><translation>C&amp;ó cho tất cả</translation></message>
</context>
<context>
  <name>QPrintDialog</name>
  <message><source>%1 already exists.
Do you want to overwrite it?</source><translation>%1 đã có.
Ghi đè lên tệp đó?</translation></message>
  <message><source>%1 does not follow the correct syntax. Please use ',' to separate ranges and pages, '-' to define ranges and make sure ranges do not intersect with each other.</source><translation>«%1» chưa đúng cách viết. Hãy ngăn các trang bằng dấu phẩy, viết khoảng trang bằng dấu gạch ngang; các khoảng không được chồng lên nhau.</translation></message>
  <message><source>%1 is a directory.
Please choose a different file name.</source><translation>%1 là một thư mục.
Hãy chọn tên tệp khác.</translation></message>
  <message><source>&amp;Options &lt;&lt;</source><translation>&amp;Tuỳ chọn &lt;&lt;</translation></message>
  <message><source>&amp;Options &gt;&gt;</source><translation>&amp;Tuỳ chọn &gt;&gt;</translation></message>
  <message><source>&amp;Print</source><translation>&amp;In</translation></message>
  <message><source>1 (1x1)</source><translation>1 (1×1)</translation></message>
  <message><source>16 (4x4)</source><translation>16 (4×4)</translation></message>
  <message><source>2 (2x1)</source><translation>2 (2×1)</translation></message>
  <message><source>4 (2x2)</source><translation>4 (2×2)</translation></message>
  <message><source>6 (2x3)</source><translation>6 (2×3)</translation></message>
  <message><source>9 (3x3)</source><translation>9 (3×3)</translation></message>
  <message><source>All Pages</source><translation>Mọi trang</translation></message>
  <message><source>Bottom to Top, Left to Right</source><translation>Dưới lên trên, trái sang phải</translation></message>
  <message><source>Bottom to Top, Right to Left</source><translation>Dưới lên trên, phải sang trái</translation></message>
  <message><source>Duplex Settings Conflicts</source><translation>Cách in hai mặt không hợp nhau</translation></message>
  <message><source>Even Pages</source><translation>Trang chẵn</translation></message>
  <message><source>File %1 is not writable.
Please choose a different file name.</source><translation>Không ghi được tệp %1.
Hãy chọn tên tệp khác.</translation></message>
  <message><source>Invalid Pages Definition</source><translation>Số trang viết chưa đúng</translation></message>
  <message><source>Left to Right, Bottom to Top</source><translation>Trái sang phải, dưới lên trên</translation></message>
  <message><source>Left to Right, Top to Bottom</source><translation>Trái sang phải, trên xuống dưới</translation></message>
  <message><source>Local file</source><translation>Tệp trên máy</translation></message>
  <message><source>OK</source><translation>Đồng ý</translation></message>
  <message><source>Odd Pages</source><translation>Trang lẻ</translation></message>
  <message><source>Options 'Pages Per Sheet' and 'Page Set' cannot be used together.
Please turn one of those options off.</source><translation>Không dùng cùng lúc được «Số trang mỗi tờ» và «Các trang».
Hãy bỏ một trong hai.</translation></message>
  <message><source>Print</source><translation>In</translation></message>
  <message><source>Print To File ...</source><translation>In ra tệp…</translation></message>
  <message><source>Print to File (PDF)</source><translation>In ra tệp PDF</translation></message>
  <message><source>Right to Left, Bottom to Top</source><translation>Phải sang trái, dưới lên trên</translation></message>
  <message><source>Right to Left, Top to Bottom</source><translation>Phải sang trái, trên xuống dưới</translation></message>
  <message><source>The 'From' value cannot be greater than the 'To' value.</source><translation>Trang đầu không được lớn hơn trang cuối.</translation></message>
  <message><source>There are conflicts in duplex settings. Do you want to fix them?</source><translation>Cách in hai mặt không hợp nhau. Sửa lại?</translation></message>
  <message><source>Top to Bottom, Left to Right</source><translation>Trên xuống dưới, trái sang phải</translation></message>
  <message><source>Top to Bottom, Right to Left</source><translation>Trên xuống dưới, phải sang trái</translation></message>
  <message><source>Write PDF file</source><translation>Ghi tệp PDF</translation></message>
</context>
<context>
  <name>QPrintPreviewDialog</name>
  <message><source>%1%</source><translation>%1%</translation></message>
  <message><source>Export to PDF</source><translation>Lưu thành PDF</translation></message>
  <message><source>First page</source><translation>Trang đầu</translation></message>
  <message><source>Fit page</source><translation>Vừa trang</translation></message>
  <message><source>Fit width</source><translation>Vừa chiều ngang</translation></message>
  <message><source>Landscape</source><translation>Giấy ngang</translation></message>
  <message><source>Last page</source><translation>Trang cuối</translation></message>
  <message><source>Next page</source><translation>Trang sau</translation></message>
  <message><source>Page Setup</source><translation>Thiết lập trang</translation></message>
  <message><source>Page setup</source><translation>Thiết lập trang</translation></message>
  <message><source>Portrait</source><translation>Giấy dọc</translation></message>
  <message><source>Previous page</source><translation>Trang trước</translation></message>
  <message><source>Print</source><translation>In</translation></message>
  <message><source>Print Preview</source><translation>Xem trước khi in</translation></message>
  <message><source>Show facing pages</source><translation>Hai trang cạnh nhau</translation></message>
  <message><source>Show overview of all pages</source><translation>Xem tất cả các trang</translation></message>
  <message><source>Show single page</source><translation>Từng trang</translation></message>
  <message><source>Zoom in</source><translation>Phóng to</translation></message>
  <message><source>Zoom out</source><translation>Thu nhỏ</translation></message>
</context>
<context>
  <name>QPrintPropertiesDialog</name>
  <message><source>Advanced Option Conflicts</source><translation>Tuỳ chọn nâng cao không hợp nhau</translation></message>
  <message><source>Job Options</source><translation>Tuỳ chọn lượt in</translation></message>
  <message><source>Page Setup Conflicts</source><translation>Thiết lập trang không hợp nhau</translation></message>
  <message><source>Printer Properties</source><translation>Thuộc tính máy in</translation></message>
  <message><source>There are conflicts in page setup options. Do you want to fix them?</source><translation>Thiết lập trang không hợp nhau. Sửa lại?</translation></message>
  <message><source>There are conflicts in some advanced options. Do you want to fix them?</source><translation>Có tuỳ chọn nâng cao không hợp nhau. Sửa lại?</translation></message>
</context>
<context>
  <name>QPrintPropertiesWidget</name>
  <message><source>Advanced</source><translation>Nâng cao</translation></message>
  <message><source>Form</source><translation>Biểu mẫu</translation></message>
  <message><source>Page</source><translation>Trang</translation></message>
  <message><source>There are conflicts in some options. Please fix them.</source><translation>Có tuỳ chọn không hợp nhau. Hãy sửa lại.</translation></message>
</context>
<context>
  <name>QPrintSettingsOutput</name>
  <message><source>Collate</source><translation>Xếp theo bộ</translation></message>
  <message><source>Color</source><translation>Màu</translation></message>
  <message><source>Color Mode</source><translation>Màu</translation></message>
  <message><source>Copies</source><translation>Số bản</translation></message>
  <message><source>Copies:</source><translation>Số bản:</translation></message>
  <message><source>Current Page</source><translation>Trang đang xem</translation></message>
  <message><source>Double Sided Printing</source><translation>In hai mặt</translation></message>
  <message><source>Form</source><translation>Biểu mẫu</translation></message>
  <message><source>Grayscale</source><translation>Đen trắng</translation></message>
  <message><source>Long side binding</source><translation>Lật theo cạnh dài</translation></message>
  <message><source>Off</source><translation>Tắt</translation></message>
  <message><source>Options</source><translation>Tuỳ chọn</translation></message>
  <message><source>Output Settings</source><translation>Cách in</translation></message>
  <message><source>Page &amp;Set:</source><translation>&amp;Các trang:</translation></message>
  <message><source>Page Set:</source><translation>Các trang:</translation></message>
  <message><source>Pages</source><translation>Trang</translation></message>
  <message><source>Pages from</source><translation>Từ trang</translation></message>
  <message><source>Print all</source><translation>In tất cả</translation></message>
  <message><source>Print range</source><translation>Phần cần in</translation></message>
  <message><source>Reverse</source><translation>Ngược từ cuối</translation></message>
  <message><source>Selection</source><translation>Phần đang chọn</translation></message>
  <message><source>Short side binding</source><translation>Lật theo cạnh ngắn</translation></message>
  <message><source>Specify pages or ranges separated by commas. Ranges are specified by two numbers separated by a hyphen. E.g: 3,5-7,9 prints pages 3, 5, 6, 7 and 9.</source><translation>Ghi các trang hoặc khoảng trang, ngăn bằng dấu phẩy. Khoảng trang là hai số có dấu gạch ngang ở giữa. Ví dụ 3,5-7,9 là các trang 3, 5, 6, 7 và 9.</translation></message>
  <message><source>to</source><translation>đến</translation></message>
</context>
<context>
  <name>QPrintWidget</name>
  <message><source>&amp;Name:</source><translation>&amp;Tên:</translation></message>
  <message><source>...</source><translation>…</translation></message>
  <message><source>Form</source><translation>Biểu mẫu</translation></message>
  <message><source>Location:</source><translation>Nơi đặt:</translation></message>
  <message><source>Output &amp;file:</source><translation>&amp;Tệp in ra:</translation></message>
  <message><source>P&amp;roperties</source><translation>Thuộ&amp;c tính</translation></message>
  <message><source>Preview</source><translation>Xem trước</translation></message>
  <message><source>Printer</source><translation>Máy in</translation></message>
  <message><source>Type:</source><translation>Loại:</translation></message>
</context>
<context>
  <name>QProgressBar</name>
  <message><source>%p%</source><translation>%p%</translation></message>
</context>
<context>
  <name>QProgressDialog</name>
  <message><source>Cancel</source><translation>Thôi</translation></message>
</context>
<context>
  <name>QScrollBar</name>
  <message><source>Bottom</source><translation>Cuối</translation></message>
  <message><source>Left edge</source><translation>Mép trái</translation></message>
  <message><source>Page down</source><translation>Xuống một trang</translation></message>
  <message><source>Page left</source><translation>Sang trái một trang</translation></message>
  <message><source>Page right</source><translation>Sang phải một trang</translation></message>
  <message><source>Page up</source><translation>Lên một trang</translation></message>
  <message><source>Right edge</source><translation>Mép phải</translation></message>
  <message><source>Scroll down</source><translation>Cuộn xuống</translation></message>
  <message><source>Scroll here</source><translation>Cuộn tới đây</translation></message>
  <message><source>Scroll left</source><translation>Cuộn sang trái</translation></message>
  <message><source>Scroll right</source><translation>Cuộn sang phải</translation></message>
  <message><source>Scroll up</source><translation>Cuộn lên</translation></message>
  <message><source>Top</source><translation>Đầu</translation></message>
</context>
<context>
  <name>QShortcut</name>
  <message><source>Del</source><translation>Delete</translation></message>
  <message><source>Down</source><translation>↓</translation></message>
  <message><source>Ins</source><translation>Insert</translation></message>
  <message><source>Left</source><translation>←</translation></message>
  <message><source>PgDown</source><translation>PageDown</translation></message>
  <message><source>PgUp</source><translation>PageUp</translation></message>
  <message><source>Print</source><translation>Print Screen</translation></message>
  <message><source>Right</source><translation>→</translation></message>
  <message><source>Space</source><translation>Phím cách</translation></message>
  <message><source>Up</source><translation>↑</translation></message>
</context>
<context>
  <name>QSpiAccessibleBridge</name>
  <message><source>alert message</source><translation>thông báo</translation></message>
  <message><source>animation</source><translation>hình động</translation></message>
  <message><source>application</source><translation>chương trình</translation></message>
  <message><source>assistant</source><translation>trợ lý</translation></message>
  <message><source>block quote</source><translation>trích dẫn</translation></message>
  <message><source>button menu</source><translation>nút có menu</translation></message>
  <message><source>button with drop down</source><translation>nút có danh sách</translation></message>
  <message><source>button with drop down grid</source><translation>nút có bảng chọn</translation></message>
  <message><source>canvas</source><translation>vùng vẽ</translation></message>
  <message><source>cell</source><translation>ô</translation></message>
  <message><source>chart</source><translation>biểu đồ</translation></message>
  <message><source>check box</source><translation>ô đánh dấu</translation></message>
  <message><source>clock</source><translation>đồng hồ</translation></message>
  <message><source>color chooser</source><translation>bảng màu</translation></message>
  <message><source>column</source><translation>cột</translation></message>
  <message><source>column header</source><translation>đầu cột</translation></message>
  <message><source>combo box</source><translation>hộp chọn</translation></message>
  <message><source>complementary content</source><translation>nội dung kèm theo</translation></message>
  <message><source>cursor</source><translation>con trỏ</translation></message>
  <message><source>desktop</source><translation>màn hình nền</translation></message>
  <message><source>dial</source><translation>núm xoay</translation></message>
  <message><source>dialog</source><translation>hộp thoại</translation></message>
  <message><source>document</source><translation>văn bản</translation></message>
  <message><source>equation</source><translation>công thức</translation></message>
  <message><source>filler</source><translation>khoảng trống</translation></message>
  <message><source>footer</source><translation>chân trang</translation></message>
  <message><source>form</source><translation>biểu mẫu</translation></message>
  <message><source>frame</source><translation>khung</translation></message>
  <message><source>graphic</source><translation>hình</translation></message>
  <message><source>grip</source><translation>tay kéo</translation></message>
  <message><source>heading</source><translation>tiêu đề</translation></message>
  <message><source>help balloon</source><translation>lời nhắc</translation></message>
  <message><source>hotkey field</source><translation>ô phím tắt</translation></message>
  <message><source>indicator</source><translation>dấu hiệu</translation></message>
  <message><source>invalid role</source><translation>không rõ</translation></message>
  <message><source>label</source><translation>nhãn</translation></message>
  <message><source>layered pane</source><translation>bảng chồng</translation></message>
  <message><source>link</source><translation>liên kết</translation></message>
  <message><source>list</source><translation>danh sách</translation></message>
  <message><source>list item</source><translation>dòng</translation></message>
  <message><source>menu bar</source><translation>thanh menu</translation></message>
  <message><source>menu item</source><translation>mục menu</translation></message>
  <message><source>note</source><translation>ghi chú</translation></message>
  <message><source>notification</source><translation>thông báo</translation></message>
  <message><source>page tab</source><translation>thẻ</translation></message>
  <message><source>page tab list</source><translation>dãy thẻ</translation></message>
  <message><source>panel</source><translation>bảng</translation></message>
  <message><source>paragraph</source><translation>đoạn</translation></message>
  <message><source>popup menu</source><translation>menu</translation></message>
  <message><source>progress bar</source><translation>thanh tiến độ</translation></message>
  <message><source>property page</source><translation>trang thuộc tính</translation></message>
  <message><source>push button</source><translation>nút</translation></message>
  <message><source>radio button</source><translation>nút chọn</translation></message>
  <message><source>row</source><translation>dòng</translation></message>
  <message><source>row header</source><translation>đầu dòng</translation></message>
  <message><source>scroll bar</source><translation>thanh cuộn</translation></message>
  <message><source>section</source><translation>mục</translation></message>
  <message><source>separator</source><translation>vạch ngăn</translation></message>
  <message><source>slider</source><translation>thanh trượt</translation></message>
  <message><source>sound</source><translation>âm thanh</translation></message>
  <message><source>space</source><translation>khoảng trống</translation></message>
  <message><source>spin box</source><translation>ô số</translation></message>
  <message><source>splitter</source><translation>vạch chia</translation></message>
  <message><source>status bar</source><translation>thanh trạng thái</translation></message>
  <message><source>switch</source><translation>công tắc</translation></message>
  <message><source>table</source><translation>bảng</translation></message>
  <message><source>terminal</source><translation>cửa sổ lệnh</translation></message>
  <message><source>text</source><translation>ô chữ</translation></message>
  <message><source>text caret</source><translation>con trỏ chữ</translation></message>
  <message><source>title bar</source><translation>thanh tên</translation></message>
  <message><source>tool bar</source><translation>thanh công cụ</translation></message>
  <message><source>tool tip</source><translation>lời nhắc</translation></message>
  <message><source>tree</source><translation>cây</translation></message>
  <message><source>tree item</source><translation>nhánh</translation></message>
  <message><source>unknown</source><translation>không rõ</translation></message>
  <message><source>web document</source><translation>trang mạng</translation></message>
</context>
<context>
  <name>QStandardPaths</name>
  <message><source>Application Configuration</source><translation>Cấu hình chương trình</translation></message>
  <message><source>Application Data</source><translation>Dữ liệu chương trình</translation></message>
  <message><source>Applications</source><translation>Chương trình</translation></message>
  <message><source>Cache</source><translation>Bộ nhớ đệm</translation></message>
  <message><source>Configuration</source><translation>Cấu hình</translation></message>
  <message><source>Desktop</source><translation>Màn hình nền</translation></message>
  <message><source>Documents</source><translation>Tài liệu</translation></message>
  <message><source>Download</source><translation>Tải về</translation></message>
  <message><source>Downloads</source><translation>Tải về</translation></message>
  <message><source>Fonts</source><translation>Phông chữ</translation></message>
  <message><source>Home</source><translation>Thư mục riêng</translation></message>
  <message><source>Movies</source><translation>Phim</translation></message>
  <message><source>Music</source><translation>Nhạc</translation></message>
  <message><source>Pictures</source><translation>Ảnh</translation></message>
  <message><source>Public</source><translation>Dùng chung</translation></message>
  <message><source>Runtime</source><translation>Tệp khi chạy</translation></message>
  <message><source>Shared Cache</source><translation>Bộ nhớ đệm dùng chung</translation></message>
  <message><source>Shared Configuration</source><translation>Cấu hình dùng chung</translation></message>
  <message><source>Shared Data</source><translation>Dữ liệu dùng chung</translation></message>
  <message><source>Shared State</source><translation>Trạng thái dùng chung</translation></message>
  <message><source>State</source><translation>Trạng thái</translation></message>
  <message><source>Templates</source><translation>Mẫu</translation></message>
  <message><source>Temporary Directory</source><translation>Thư mục tạm</translation></message>
  <message><source>Temporary Items</source><translation>Tệp tạm</translation></message>
</context>
<context>
  <name>QTabBar</name>
  <message><source>Scroll Left</source><translation>Cuộn sang trái</translation></message>
  <message><source>Scroll Right</source><translation>Cuộn sang phải</translation></message>
</context>
<context>
  <name>QUndoGroup</name>
  <message><source>Redo</source><translation>Làm lại</translation></message>
  <message><source>Redo %1</source><translation>Làm lại: %1</translation></message>
  <message><source>Undo</source><translation>Hoàn tác</translation></message>
  <message><source>Undo %1</source><translation>Hoàn tác: %1</translation></message>
</context>
<context>
  <name>QUndoModel</name>
  <message><source>&lt;empty&gt;</source><translation>&lt;trống&gt;</translation></message>
</context>
<context>
  <name>QUndoStack</name>
  <message><source>Redo</source><translation>Làm lại</translation></message>
  <message><source>Redo %1</source><translation>Làm lại: %1</translation></message>
  <message><source>Undo</source><translation>Hoàn tác</translation></message>
  <message><source>Undo %1</source><translation>Hoàn tác: %1</translation></message>
</context>
<context>
  <name>QUnicodeControlCharacterMenu</name>
  <message><source>FSI First strong isolate</source><translation>FSI Tách theo chữ mạnh đầu tiên</translation></message>
  <message><source>Insert Unicode control character</source><translation>Chèn ký tự điều khiển Unicode</translation></message>
  <message><source>LRE Start of left-to-right embedding</source><translation>LRE Đầu đoạn viết từ trái sang phải</translation></message>
  <message><source>LRI Left-to-right isolate</source><translation>LRI Tách đoạn từ trái sang phải</translation></message>
  <message><source>LRM Left-to-right mark</source><translation>LRM Dấu từ trái sang phải</translation></message>
  <message><source>LRO Start of left-to-right override</source><translation>LRO Buộc viết từ trái sang phải</translation></message>
  <message><source>PDF Pop directional formatting</source><translation>PDF Hết đoạn đổi chiều</translation></message>
  <message><source>PDI Pop directional isolate</source><translation>PDI Hết đoạn tách</translation></message>
  <message><source>RLE Start of right-to-left embedding</source><translation>RLE Đầu đoạn viết từ phải sang trái</translation></message>
  <message><source>RLI Right-to-left isolate</source><translation>RLI Tách đoạn từ phải sang trái</translation></message>
  <message><source>RLM Right-to-left mark</source><translation>RLM Dấu từ phải sang trái</translation></message>
  <message><source>RLO Start of right-to-left override</source><translation>RLO Buộc viết từ phải sang trái</translation></message>
  <message><source>ZWJ Zero width joiner</source><translation>ZWJ Dấu nối không hiện</translation></message>
  <message><source>ZWNJ Zero width non-joiner</source><translation>ZWNJ Dấu ngắt không hiện</translation></message>
  <message><source>ZWSP Zero width space</source><translation>ZWSP Khoảng trống không hiện</translation></message>
</context>
<context>
  <name>QWhatsThisAction</name>
  <message><source>What's This?</source><translation>Đây là gì?</translation></message>
</context>
<context>
  <name>QWidget</name>
  <message><source>*</source><translation>*</translation></message>
</context>
<context>
  <name>QWidgetTextControl</name>
  <message><source>&amp;Copy</source><translation>&amp;Chép</translation></message>
  <message><source>&amp;Paste</source><translation>&amp;Dán</translation></message>
  <message><source>&amp;Redo</source><translation>&amp;Làm lại</translation></message>
  <message><source>&amp;Undo</source><translation>&amp;Hoàn tác</translation></message>
  <message><source>Copy &amp;Link Location</source><translation>Chép địa chỉ &amp;liên kết</translation></message>
  <message><source>Cu&amp;t</source><translation>Cắ&amp;t</translation></message>
  <message><source>Delete</source><translation>Xoá</translation></message>
  <message><source>Select All</source><translation>Chọn tất cả</translation></message>
</context>
<context>
  <name>QWindowsUiaMainProvider</name>
  <message><source>blockquote</source><translation>trích dẫn</translation></message>
</context>
<context>
  <name>QWizard</name>
  <message><source>&amp;Finish</source><translation>&amp;Xong</translation></message>
  <message><source>&amp;Help</source><translation>&amp;Trợ giúp</translation></message>
  <message><source>&amp;Next</source><translation>&amp;Tiếp</translation></message>
  <message><source>&amp;Next &gt;</source><translation>&amp;Tiếp &gt;</translation></message>
  <message><source>&lt; &amp;Back</source><translation>&lt; T&amp;rở lại</translation></message>
  <message><source>Cancel</source><translation>Thôi</translation></message>
  <message><source>Commit</source><translation>Ghi</translation></message>
  <message><source>Continue</source><translation>Tiếp tục</translation></message>
  <message><source>Done</source><translation>Xong</translation></message>
  <message><source>Go Back</source><translation>Trở lại</translation></message>
  <message><source>Help</source><translation>Trợ giúp</translation></message>
</context>
</TS>

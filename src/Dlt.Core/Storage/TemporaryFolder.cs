using System.ComponentModel;
using Dlt.Storage;

namespace Dlt.Internal;

/// <summary>
/// The folder for temporary files of this process, in that of the system. It goes when the process ends; the folder of a process that was
/// killed goes when the next one makes its own.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class TemporaryFolder
{
    private static readonly Lazy<OwnedFolder> Own = new(Create);

    /// <summary>Full path of the folder, which exists.</summary>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public static string OfProcess => Directory.CreateDirectory(Own.Value.Path).FullName;

    private static OwnedFolder Create()
    {
        var folder = new OwnedFolder(Path.GetTempPath());
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        return folder;
    }
}

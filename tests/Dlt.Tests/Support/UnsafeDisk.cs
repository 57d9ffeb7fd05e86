using System.Runtime.InteropServices;
using Dlt.Storage;
using Microsoft.Data.Sqlite;

namespace Dlt.Tests.Support;

/// <summary>
/// The state of a folder after a power cut. It records which files and folders were flushed and their content at that time. Everything
/// else may or may not have reached the disk: unflushed bytes are lost; a name that was created, renamed or deleted after the last flush
/// of its folder is in the old or the new state, independently of other names.
/// </summary>
/// <remarks>
/// Files are identified by inode and time of birth, because their names are uncertain. SQLite flushes its files itself: an image has its
/// last committed state, in one file. Other threads go on meanwhile, so a file or folder can disappear at any time.
/// </remarks>
internal sealed partial class UnsafeDisk : IDiskFlushObserver
{
    private const string Database = "glue.db";

    private readonly Lock _gate = new();
    private readonly string _root;
    private readonly Dictionary<string, byte[]> _bytes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, string>> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _isFolder = new(StringComparer.Ordinal);
    private readonly Action<UnsafeDisk, int> _atFlush;
    private readonly bool _forgetsBytes;

    /// <param name="root">The folder; its present content counts as flushed.</param>
    /// <param name="atFlush">Called before each flush with the number of the flush, from 0.</param>
    /// <param name="forgetsBytes">True to ignore flushes of files, as if the product had not asked for them.</param>
    public UnsafeDisk(string root, Action<UnsafeDisk, int> atFlush, bool forgetsBytes = false)
    {
        (_root, _atFlush) = (root, atFlush);
        foreach (var file in Directory.GetFiles(root, "*", SearchOption.AllDirectories)) FileFlushed(file);
        foreach (var folder in Directory.GetDirectories(root, "*", SearchOption.AllDirectories).Append(root)) FolderFlushed(folder);
        _forgetsBytes = forgetsBytes;
    }

    /// <summary>Number of flushes so far.</summary>
    public int Flushes { get; private set; }

    public void Flushing(string path)
    {
        lock (_gate)
        {
            if (IsBelow(path)) _atFlush(this, Flushes++);
        }
    }

    public void FileFlushed(string path)
    {
        lock (_gate)
        {
            if (!_forgetsBytes && IsBelow(path) && IdOf(path) is { } id) _bytes[id] = File.ReadAllBytes(path);
        }
    }

    public void FolderFlushed(string path)
    {
        lock (_gate)
        {
            if (IsBelow(path) && IdOf(path) is { } id) _names[id] = NamesIn(path);
        }
    }

    /// <summary>Writes a possible content of the disk after a cut at this moment.</summary>
    /// <param name="target">An empty folder.</param>
    /// <param name="isNew">Returns true for a file or folder whose changed names have reached the disk.</param>
    public void WriteImage(string target, Func<bool> isNew)
    {
        lock (_gate)
        {
            var now = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
            var bytes = new Dictionary<string, byte[]>(StringComparer.Ordinal);
            foreach (var folder in Directory.GetDirectories(_root, "*", SearchOption.AllDirectories).Append(_root))
                if (IdOf(folder) is { } id) now[id] = NamesIn(folder);
            foreach (var file in Directory.GetFiles(_root, Database, SearchOption.AllDirectories)) bytes[IdOf(file)!] = Committed(file);
            var choices = new Dictionary<string, bool>(StringComparer.Ordinal);
            var present = now.Values.SelectMany(n => n.Values).ToHashSet(StringComparer.Ordinal);
            Write(IdOf(_root)!, target, now, bytes, id => bytes.ContainsKey(id)
                || (choices.TryGetValue(id, out var known) ? known : choices[id] = isNew()), present);
        }
    }

    private void Write(string folder, string target, Dictionary<string, Dictionary<string, string>> now, Dictionary<string, byte[]> bytes,
        Func<string, bool> isNew, HashSet<string> present)
    {
        Directory.CreateDirectory(target);
        var after = now.GetValueOrDefault(folder) ?? [];
        var before = _names.GetValueOrDefault(folder) ?? [];
        foreach (var name in after.Keys.Union(before.Keys))
        {
            // The write-ahead log and its index: what they hold is in the image of the database.
            if (name.StartsWith(Database + "-", StringComparison.Ordinal)) continue;
            var (newer, older) = (after.GetValueOrDefault(name), before.GetValueOrDefault(name));
            var id = newer == older || (newer is not null && isNew(newer)) ? newer
                : older is not null && (newer is not null && !present.Contains(older) || !isNew(older)) ? older
                : null;
            if (id is null) continue;
            var path = Path.Combine(target, name);
            if (_isFolder[id]) Write(id, path, now, bytes, isNew, present);
            else File.WriteAllBytes(path, bytes.GetValueOrDefault(id) ?? _bytes.GetValueOrDefault(id) ?? []);
        }
    }

    private bool IsBelow(string path) => path == _root || path.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private Dictionary<string, string> NamesIn(string folder)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            foreach (var entry in Directory.GetFileSystemEntries(folder))
                if (IdOf(entry) is { } id) names[Path.GetFileName(entry)] = id;
        }
        catch (DirectoryNotFoundException)
        {
            // Another thread removed the folder: it has no names.
        }
        return names;
    }

    /// <summary>The bytes of a database with everything that is committed. A copy of its files would mix two moments.</summary>
    private static byte[] Committed(string database)
    {
        var copy = Path.GetTempFileName();
        try
        {
            using (var source = new SqliteConnection($"Data Source={database};Pooling=false"))
            using (var target = new SqliteConnection($"Data Source={copy};Pooling=false"))
            {
                source.Open();
                using var wait = source.CreateCommand();
                wait.CommandText = "PRAGMA busy_timeout = 30000";
                wait.ExecuteNonQuery();
                source.BackupDatabase(target);
            }
            return File.ReadAllBytes(copy);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    /// <returns>Null when the file does not exist.</returns>
    private unsafe string? IdOf(string path)
    {
        var facts = stackalloc byte[256];
        // an absolute path without following links; asks for time of birth, inode and type
        if (Statx(-100, path, 0x100, 0x800 | 0x100 | 0x1 | 0x2, facts) != 0) return null;
        var id = $"{*(ulong*)(facts + 32)} {*(long*)(facts + 80)} {*(uint*)(facts + 88)}";
        _isFolder[id] = (*(ushort*)(facts + 28) & 0xF000) == 0x4000;
        return id;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Statx(int folder, string path, int flags, uint mask, byte* facts);
}

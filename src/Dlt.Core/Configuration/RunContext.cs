namespace Dlt;

/// <summary>Folders and environment of a run (dlt documentation, Configuration).</summary>
/// <param name="RunFolder">Folder that contains <c>.dlt</c>: the working directory, or the value of DLT_PROJECT_DIR.</param>
/// <param name="GlobalFolder">The user's folder for settings and the working folders of pipelines.</param>
/// <param name="Environment">Returns the value of an environment variable; null when it is not set.</param>
public sealed record RunContext(string RunFolder, string GlobalFolder, Func<string, string?> Environment)
{
    private const string DefaultProfile = "dev";

    /// <summary>Names of the environment variables; empty when they cannot be listed.</summary>
    internal IReadOnlyCollection<string> EnvironmentNames { get; init; } = [];

    /// <summary>Returns the context of this process.</summary>
    public static RunContext Current() => Of(Directory.GetCurrentDirectory(), System.Environment.GetEnvironmentVariable) with
    {
        EnvironmentNames = [.. System.Environment.GetEnvironmentVariables().Keys.Cast<string>()],
    };

    /// <summary>Creates the context of a folder and an environment.</summary>
    public static RunContext Of(string currentFolder, Func<string, string?> environment)
    {
        var run = Path.GetFullPath(environment("DLT_PROJECT_DIR") is { Length: > 0 } project ? project : ".", currentFolder);
        return new(run, GlobalFolderOf(environment), environment);
    }

    /// <summary>Folder of the settings files.</summary>
    public string SettingsFolder => Path.Combine(RunFolder, Environment("DLT_CONFIG_FOLDER") is { Length: > 0 } name ? name : ".dlt");

    /// <summary>True when the settings folder has the marker file of a workspace. Profiles are then active.</summary>
    public bool IsWorkspace => File.Exists(Path.Combine(SettingsFolder, ".workspace"));

    /// <summary>Active profile of a workspace; null outside of a workspace.</summary>
    public string? Profile
    {
        get
        {
            if (!IsWorkspace) return null;
            if (Environment("WORKSPACE__PROFILE") is { Length: > 0 } chosen) return chosen;
            var pin = Path.Combine(SettingsFolder, "profile-name");
            return File.Exists(pin) && File.ReadLines(pin).FirstOrDefault()?.Trim() is { Length: > 0 } pinned ? pinned : DefaultProfile;
        }
    }

    /// <summary>Folder that contains the working folders of pipelines.</summary>
    public string PipelinesFolder => Profile is { } profile
        ? Path.Combine(SettingsFolder, "state", profile)
        : Path.Combine(Environment("DLT_DATA_DIR") is { Length: > 0 } data ? Path.GetFullPath(data, RunFolder) : GlobalFolder, "pipelines");

    /// <summary>Returns the settings files with a name, in order of precedence.</summary>
    public IReadOnlyList<string> SettingsFiles(string name)
    {
        string[] names = Profile is { } profile ? [$"{profile}.{name}", name] : [name];
        return [.. names.Select(n => Path.Combine(SettingsFolder, n)), .. names.Select(n => Path.Combine(GlobalFolder, n))];
    }

    private static string GlobalFolderOf(Func<string, string?> environment)
    {
        if (System.Environment.UserName == "root" && !OperatingSystem.IsWindows()) return "/var/dlt";
        var home = System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile);
        if (home.Length == 0) return Path.Combine(Path.GetTempPath(), "dlt");
        var folder = Path.Combine(home, ".dlt");
        return environment("XDG_DATA_HOME") is { Length: > 0 } data && !Directory.Exists(folder) ? Path.Combine(data, "dlt") : folder;
    }
}

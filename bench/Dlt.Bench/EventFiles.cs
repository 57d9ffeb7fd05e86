namespace Dlt.Bench;

/// <summary>The files of the measurements: the same bytes for the same number of rows, on every machine.</summary>
internal static class EventFiles
{
    private const ulong Seed = 42;

    private static readonly string[] Countries =
        "DE FR IT ES PT NL BE AT CH PL CZ SK HU RO BG GR SE NO FI DK IE GB US CA MX BR AR JP KR IN".Split(' ');
    private static readonly string[] States = ["new", "paid", "shipped", "returned", "cancelled"];
    private static readonly string[] Types =
        ["PushEvent", "CreateEvent", "WatchEvent", "IssuesEvent", "PullRequestEvent", "ForkEvent", "IssueCommentEvent", "DeleteEvent"];
    private static readonly string[] Languages = ["C#", "Python", "Rust", "Go", "Java", "TypeScript", "C++"];
    private static readonly string[] Words = (
        "fix add update remove test docs build parser loader schema column merge branch release cache index "
        + "writer reader config error typo bump version refactor cleanup initial support handle retry state").Split(' ');

    /// <summary>File A: flat orders of 12 columns.</summary>
    public static void WriteFlat(string file, long rows)
    {
        using var stream = Create(file);
        using var line = new LineWriter(stream);
        var random = new SplitMix(Seed);
        for (long i = 0; i < rows; i++)
        {
            line.Text("{\"id\":").Number(i);
            line.Text(",\"user_id\":").Number(random.Below(100_000));
            line.Text(",\"score\":").Number(random.Below(10_000) / 100.0);
            line.Text(",\"price\":").Number(random.Below(100_000_000) / 10_000.0);
            line.Text(",\"quantity\":");
            if (random.OneIn(10)) line.Text("null");
            else line.Number(random.Below(100));
            line.Text(",\"name\":\"user_").Number(random.Below(50_000)).Text("\"");
            line.Text(",\"country\":\"").Text(random.Pick(Countries)).Text("\"");
            line.Text(",\"status\":\"").Text(random.Pick(States)).Text("\"");
            line.Text(",\"createdAt\":\"").Instant(1_700_000_000_000 + (i * 137), withMilliseconds: true).Text("\"");
            line.Text(",\"updatedAt\":");
            if (random.OneIn(5)) line.Text("null");
            else line.Text("\"").Instant(1_700_000_000_000 + random.Below(2_000_000_000), withMilliseconds: true).Text("\"");
            line.Text(",\"isActive\":").Bool(!random.OneIn(3));
            line.Text(",\"comment\":");
            if (random.OneIn(20)) line.Text("null");
            else Sentence(line, random, 10, 30);
            line.Text("}\n");
        }
    }

    /// <summary>File B: nested events with two lists.</summary>
    public static void WriteNested(string file, long rows)
    {
        using var stream = Create(file);
        using var line = new LineWriter(stream);
        var random = new SplitMix(Seed);
        for (long i = 0; i < rows; i++)
        {
            long actor = random.Below(80_000), repo = random.Below(60_000), owner = repo / 3;
            line.Text("{\"id\":\"").Number(30_000_000_000 + i).Text("\",\"type\":\"").Text(random.Pick(Types));
            line.Text("\",\"actor\":{\"id\":").Number(actor).Text(",\"login\":\"user").Number(actor);
            line.Text("\",\"avatar\":{\"url\":\"https://avatars.example.com/u/").Number(actor).Text("\",\"size\":")
                .Number(32 + (random.Below(4) * 16)).Text("}}");
            line.Text(",\"repo\":{\"id\":").Number(repo).Text(",\"name\":\"owner").Number(owner).Text("/repo").Number(repo);
            line.Text("\",\"owner\":{\"id\":").Number(owner).Text(",\"login\":\"owner").Number(owner).Text("\"}}");
            Payload(line, random);
            Labels(line, random);
            line.Text(",\"public\":").Bool(!random.OneIn(10)).Text(",\"createdAt\":\"")
                .Instant(1_700_000_000_000 + (i * 500), withMilliseconds: false).Text("\"}\n");
        }
    }

    /// <summary>File C: flat, 60 columns.</summary>
    public static void WriteWide(string file, long rows)
    {
        using var stream = Create(file);
        using var line = new LineWriter(stream);
        var random = new SplitMix(Seed);
        for (long i = 0; i < rows; i++)
        {
            line.Text("{\"id\":").Number(i);
            for (var c = 1; c < 20; c++)
            {
                line.Text(",\"intCol").Number(c).Text("\":");
                if (c % 5 == 0 && random.OneIn(8)) line.Text("null");
                else line.Number(random.Below(c % 3 == 0 ? 100 : 10_000_000));
            }

            for (var c = 0; c < 20; c++)
                line.Text(",\"dblCol").Number(c).Text("\":").Number(random.Below(100_000_000) / (c % 2 == 0 ? 100.0 : 10_000.0));
            for (var c = 0; c < 12; c++)
            {
                line.Text(",\"strCol").Number(c).Text("\":\"").Text(random.Pick(Words));
                if (c >= 6) line.Text("_").Number(random.Below(1_000_000));
                line.Text("\"");
            }

            for (var c = 0; c < 4; c++)
                line.Text(",\"tsCol").Number(c).Text("\":\"")
                    .Instant(1_600_000_000_000 + (random.Below(2_000_000_000) * 60L), withMilliseconds: true).Text("\"");
            for (var c = 0; c < 4; c++) line.Text(",\"boolCol").Number(c).Text("\":").Bool(random.OneIn(2));
            line.Text("}\n");
        }
    }

    /// <summary>File S: the columns of A, in another order in every row, each one missing in a fifth of the rows.</summary>
    public static void WriteShuffled(string file, long rows)
    {
        using var stream = Create(file);
        using var line = new LineWriter(stream);
        var random = new SplitMix(Seed);
        var order = new int[11];
        for (long i = 0; i < rows; i++)
        {
            for (var k = 0; k < order.Length; k++) order[k] = k;
            for (var k = order.Length - 1; k > 0; k--)
            {
                var j = random.Below(k + 1);
                (order[k], order[j]) = (order[j], order[k]);
            }

            line.Text("{\"id\":").Number(i);
            foreach (var column in order)
                if (!random.OneIn(5)) Shuffled(line, random, i, column);
            line.Text("}\n");
        }
    }

    private static void Shuffled(LineWriter line, SplitMix random, long row, int column)
    {
        switch (column)
        {
            case 0:
                line.Text(",\"user_id\":").Number(random.Below(100_000));
                break;
            case 1:
                line.Text(",\"score\":").Number(random.Below(10_000) / 100.0);
                break;
            case 2:
                line.Text(",\"price\":").Number(random.Below(100_000_000) / 10_000.0);
                break;
            case 3:
                line.Text(",\"quantity\":").Number(random.Below(100));
                break;
            case 4:
                line.Text(",\"name\":\"user_").Number(random.Below(50_000)).Text("\"");
                break;
            case 5:
                line.Text(",\"country\":\"").Text(random.Pick(Countries)).Text("\"");
                break;
            case 6:
                line.Text(",\"status\":\"").Text(random.Pick(States)).Text("\"");
                break;
            case 7:
                line.Text(",\"createdAt\":\"").Instant(1_700_000_000_000 + (row * 137), withMilliseconds: true).Text("\"");
                break;
            case 8:
                line.Text(",\"updatedAt\":\"").Instant(1_700_000_000_000 + random.Below(2_000_000_000), withMilliseconds: true)
                .Text("\"");
                break;
            case 9:
                line.Text(",\"isActive\":").Bool(!random.OneIn(3));
                break;
            default:
                line.Text(",\"comment\":");
                Sentence(line, random, 10, 30);
                break;
        }
    }

    private static void Payload(LineWriter line, SplitMix random)
    {
        var commits = random.Below(4);
        line.Text(",\"payload\":{\"ref\":\"refs/heads/").Text(random.Pick(Words)).Text("\",\"size\":").Number(commits);
        line.Text(",\"meta\":{\"distinctSize\":").Number(commits).Text(",\"weight\":").Number(random.Below(100_000) / 1000.0)
            .Text(",\"info\":{\"lang\":");
        if (random.OneIn(6)) line.Text("null");
        else line.Text("\"").Text(random.Pick(Languages)).Text("\"");
        line.Text(",\"stars\":").Number(random.Below(5000)).Text("}},\"commits\":[");
        for (var c = 0; c < commits; c++)
        {
            line.Text(c > 0 ? ",{\"sha\":\"" : "{\"sha\":\"");
            for (var part = 0; part < 5; part++) line.Hex((uint)random.Next());
            line.Text("\",\"message\":");
            Sentence(line, random, 15, 60);
            long author = random.Below(80_000);
            line.Text(",\"author\":{\"name\":\"user").Number(author).Text("\",\"email\":\"user").Number(author)
                .Text("@example.com\"},\"distinct\":").Bool(!random.OneIn(4)).Text("}");
        }

        line.Text("]}");
    }

    private static void Labels(LineWriter line, SplitMix random)
    {
        var labels = random.Below(5);
        line.Text(",\"labels\":[");
        for (var l = 0; l < labels; l++) line.Text(l > 0 ? ",\"" : "\"").Text(random.Pick(Words)).Text("\"");
        line.Text("]");
    }

    /// <summary>Words up to a length; one text in fifty has escapes.</summary>
    private static void Sentence(LineWriter line, SplitMix random, int least, int most)
    {
        var target = least + random.Below(most - least);
        line.Text("\"");
        for (var length = 0; length < target;)
        {
            var word = random.Pick(Words);
            if (length > 0) line.Text(" ");
            line.Text(word);
            length += word.Length + 1;
        }

        if (random.OneIn(50)) line.Text(" \\\"q\\\" \\u00e9");
        line.Text("\"");
    }

    private static FileStream Create(string file) => new(file, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
}

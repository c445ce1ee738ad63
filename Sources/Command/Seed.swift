public enum Seed {}
